using Proxima.Training.Optimization;
using Proxima.Training.Ranks;
using TorchSharp.Modules;
using static TorchSharp.torch;
using AdamW = Proxima.Training.Optimization.AdamW;

namespace Proxima.Benchmarks.Bench;

/// <summary>AdamW steps as a share of the bandwidth, 28 bytes a parameter: of five buffers some are read, some written.</summary>
internal static class AdamWRow
{
    private const int Rounds = 7;
    private const double BytesPerParameter = 28;

    /// <param name="count">parameters</param>
    /// <param name="yardsticks">of this run</param>
    /// <param name="threads">that work</param>
    public static Goal Measure(long count, Yardsticks yardsticks, int threads)
    {
        using var scope = NewDisposeScope();
        using FlatParameters parameters = new([("a.weight", new Parameter(ones(count)))]);
        using AdamW adam = new(parameters, new ModelShards("model", parameters, ShardedRanks.Alone()), 0.9, 0.95, 1e-8, weightDecay: 0.1);
        parameters.Gradients.fill_(0.01);
        return WorkClock.Times(Rounds, threads, () => adam.Step(1e-4)).Goal(
            $"AdamW, {count / 1_000_000}M parameters, of the bandwidth", 100 * BytesPerParameter * count / (yardsticks.ReadBandwidth * 1e9), 80, "%");
    }
}
