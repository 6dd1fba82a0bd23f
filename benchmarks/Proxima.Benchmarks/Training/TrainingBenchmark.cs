using System.Globalization;
using Proxima.Core.Settings;
using Proxima.Models.Native;
using static TorchSharp.torch;

namespace Proxima.Benchmarks.Training;

/// <summary>The rows of docs/performance that are about training.</summary>
internal static class TrainingBenchmark
{
    private static readonly MachineSettings Fp32 = new();
    private static readonly MachineSettings Bf16 = new() { Bf16 = true, Fp16OptLevel = OptLevel.O2 };

    /// <summary>One row by name, or all of them.</summary>
    /// <param name="what">all, adamw, head, gradient, ppo</param>
    /// <param name="model">15M, 135M or a folder</param>
    /// <param name="threads">of libtorch</param>
    public static int Run(string what, string model, int threads)
    {
        LibTorch.Load();
        set_num_threads(threads);
        Yardsticks yardsticks = Yardsticks.Measure();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{threads} threads: fp32 {yardsticks.Fp32:F0}, bf16 {yardsticks.Bf16:F0} GFLOP/s, reads {yardsticks.Bandwidth:F1} GB/s"));
        foreach (BenchmarkRow row in Rows(what, model, yardsticks))
        {
            Console.WriteLine(row.Line());
        }

        return 0;
    }

    /// <summary>The rows, measured as they are asked for.</summary>
    public static IEnumerable<BenchmarkRow> Rows(string what, string model, Yardsticks yardsticks)
    {
        if (what is "all" or "head")
        {
            yield return LossHeadBenchmark.Run(); // before anything has taken memory that it could use
        }

        if (what is "all" or "adamw")
        {
            yield return AdamWBenchmark.Run(100_000_000, yardsticks);
        }

        using BenchmarkModel folder = new(model);
        foreach (MachineSettings machine in new[] { Fp32, Bf16 })
        {
            if (what is "all" or "gradient")
            {
                yield return GradientBenchmark.Run(folder, machine, model == "15M" ? (8, 256) : (4, 128), yardsticks, goal: 0.65);
            }

            if (what is "all" or "ppo")
            {
                foreach (BenchmarkRow row in PpoStep(folder, machine, yardsticks))
                {
                    yield return row;
                }
            }
        }
    }

    private static IEnumerable<BenchmarkRow> PpoStep(BenchmarkModel model, MachineSettings machine, Yardsticks yardsticks)
    {
        const double SecondsGflops = 0.25 * 325; // .25 s at 325 GFLOP/s
        (int sequences, int newTokens) = model.Name == "135M" ? (16, 32) : (64, 40);
        using PpoStepBenchmark benchmark = new(model, machine, sequences, newTokens);
        (double rollout, double score, double update) = benchmark.Measure();
        double seconds = rollout + score + update;
        string what = $"PPO step {Path.GetFileName(model.Name)}, {GradientBenchmark.Describe(machine)}";
        double utilisation = benchmark.Utilisation(seconds, yardsticks.Peak);
        yield return model.Name is "15M" or "135M"
            ? BenchmarkRow.AtLeast(model.Name == "15M" ? 0.55 : 0.6, what, utilisation, "MFU")
            : BenchmarkRow.AtMost(SecondsGflops / yardsticks.Fp32, what, seconds, "s");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  rollout {rollout:F3} s, score {score:F3} s, update {update:F3} s; MFU {utilisation:F2}"));
    }
}
