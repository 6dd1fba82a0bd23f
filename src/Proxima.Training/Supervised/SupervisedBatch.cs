using Proxima.Data.Examples;
using static TorchSharp.torch;

namespace Proxima.Training.Supervised;

/// <summary>
/// Supervised examples padded on the right for one forward. The head works on target tokens only: those of the replies, each
/// predicted from the state before it.
/// </summary>
public sealed class SupervisedBatch : IDisposable
{
    /// <param name="examples">B examples, at least one; together they have at least one target</param>
    /// <param name="device">of the model</param>
    public SupervisedBatch(IReadOnlyList<EncodedExample> examples, Device device)
    {
        (Ids, Positions) = Padding.Right([.. examples.Select(example => example.Ids)], device);
        long T = Ids.shape[1];
        List<long> targets = [], states = [];
        for (int b = 0; b < examples.Count; b++)
        {
            foreach (int place in TargetPlaces(examples[b]))
            {
                targets.Add(examples[b].Ids[place]);
                states.Add((b * T) + place - 1);
            }
        }

        Targets = tensor(targets.ToArray(), device: device);
        TargetStates = tensor(states.ToArray(), device: device);
    }

    /// <summary>[B, T] int64.</summary>
    public Tensor Ids { get; }

    /// <summary>[B, T] int64.</summary>
    public Tensor Positions { get; }

    /// <summary>[N] the target tokens of all rows, one after the other.</summary>
    public Tensor Targets { get; }

    /// <summary>[N] row, in [B·T], of the state before each target.</summary>
    public Tensor TargetStates { get; }

    /// <summary>How many tokens of an example are targets. Its first token has no state before it and is none.</summary>
    public static int TargetCount(EncodedExample example) => TargetPlaces(example).Count();

    public void Dispose()
    {
        foreach (var tensor in new[] { Ids, Positions, Targets, TargetStates })
        {
            tensor.Dispose();
        }
    }

    private static IEnumerable<int> TargetPlaces(EncodedExample example) =>
        Enumerable.Range(0, example.Ids.Length).Where(i => i > 0 && example.LossMask[i]);
}
