using Proxima.Training.Optimization;
using static TorchSharp.torch;

namespace Proxima.Training.Checkpoints;

/// <summary>
/// What a checkpoint stores of the models that learn, float32 weights and moments: those that are trained, or a copy of them that a thread
/// can write while they change.
/// </summary>
public sealed class LearnedNumbers : IDisposable
{
    private readonly Dictionary<string, Entry> _entries;
    private readonly bool _isCopy;

    private LearnedNumbers(IEnumerable<ModelOptimizer> optimizers, bool isCopy, Func<Tensor, Tensor> take)
    {
        _isCopy = isCopy;
        _entries = optimizers.ToDictionary(
            optimizer => optimizer.ModelName,
            optimizer => new Entry(optimizer.Parameters, take(optimizer.Parameters.Values), take(optimizer.FirstMoments), take(optimizer.SecondMoments)));
    }

    /// <summary>The numbers themselves.</summary>
    public static LearnedNumbers Of(IEnumerable<ModelOptimizer> optimizers) => new(optimizers, isCopy: false, numbers => numbers);

    /// <summary>A copy of them as they are now: 12 bytes a weight.</summary>
    public static LearnedNumbers CopyOf(IEnumerable<ModelOptimizer> optimizers)
    {
        using var noGrad = no_grad();
        return new LearnedNumbers(optimizers, isCopy: true, numbers => numbers.clone().DetachFromDisposeScope());
    }

    /// <summary>The weights of a model by their checkpoint names, as views that belong to the open scope.</summary>
    /// <param name="model">its name</param>
    public IReadOnlyDictionary<string, Tensor> Weights(string model) => _entries[model].Parameters.Named(_entries[model].Weights);

    /// <summary>[N] each: weights, first and second moments of a model.</summary>
    internal (Tensor Weights, Tensor FirstMoments, Tensor SecondMoments) Flat(string model) =>
        (_entries[model].Weights, _entries[model].FirstMoments, _entries[model].SecondMoments);

    public void Dispose()
    {
        foreach (Entry entry in _isCopy ? _entries.Values.ToArray() : [])
        {
            entry.Weights.Dispose();
            entry.FirstMoments.Dispose();
            entry.SecondMoments.Dispose();
        }
    }

    private sealed record Entry(FlatParameters Parameters, Tensor Weights, Tensor FirstMoments, Tensor SecondMoments);
}
