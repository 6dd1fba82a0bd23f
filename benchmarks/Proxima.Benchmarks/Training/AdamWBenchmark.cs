using Proxima.Training.Optimization;
using TorchSharp.Modules;
using static TorchSharp.torch;
using AdamW = Proxima.Training.Optimization.AdamW;

namespace Proxima.Benchmarks.Training;

/// <summary>An AdamW step as a share of the bandwidth, 28 bytes a parameter.</summary>
internal static class AdamWBenchmark
{
    private const int Rounds = 7;
    private const double BytesPerParameter = 28;

    /// <param name="count">parameters</param>
    /// <param name="yardsticks">of the machine</param>
    public static BenchmarkRow Run(long count, Yardsticks yardsticks)
    {
        using var scope = NewDisposeScope();
        using FlatParameters parameters = new([("a.weight", new Parameter(ones(count)))]);
        using AdamW adam = new(parameters, 0.9, 0.95, 1e-8, weightDecay: 0.1);
        parameters.Gradients.fill_(0.01);
        double best = BenchmarkClock.Best(Rounds, () => adam.Step(1e-4));
        return BenchmarkRow.AtLeast(
            0.8, $"AdamW, {count / 1e6:F0}M parameters", BytesPerParameter * count / best / (yardsticks.Bandwidth * 1e9), "of the bandwidth");
    }
}
