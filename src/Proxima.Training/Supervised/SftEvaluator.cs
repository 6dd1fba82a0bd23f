using Proxima.Core.Metrics;
using Proxima.Data.Examples;
using Proxima.Models;
using Proxima.Training.Ranks;

namespace Proxima.Training.Supervised;

/// <summary>The mean cross-entropy over all target tokens of held-out examples.</summary>
/// <param name="model">the model that learns</param>
/// <param name="examples">held-out examples</param>
/// <param name="batchSize">examples of one forward</param>
public sealed class SftEvaluator(CausalLanguageModel model, IReadOnlyList<EncodedExample> examples, int batchSize)
{
    /// <summary>Evaluates the model as it is now.</summary>
    /// <param name="work">divides the batches among the ranks</param>
    /// <param name="stop">ends it between two batches</param>
    /// <exception cref="OperationCanceledException">a stop was asked for</exception>
    public IReadOnlyDictionary<string, double> Evaluate(SharedWork work, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(work);
        EncodedExample[][] batches = [.. examples.OrderByDescending(example => example.Ids.Length).Chunk(batchSize)];
        IReadOnlyList<double> sums = work.Do(
            "the losses of the evaluation", [.. batches.Select(rows => rows.Length * rows[0].Ids.Length)], share => [.. share.Select(i => Sum(batches[i], stop))], ResultFormats.Numbers);
        return new Dictionary<string, double> { [MetricNames.EvalLoss] = sums.Sum() / examples.Sum(SupervisedBatch.TargetCount) };
    }

    private double Sum(EncodedExample[] rows, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        using var batch = new SupervisedBatch(rows, model.Decoder.Device);
        return SupervisedLoss.Sum(model, batch);
    }
}
