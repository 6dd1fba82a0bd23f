using Proxima.Core.Settings;
using Proxima.Models;
using Proxima.Numerics;
using Proxima.Training;
using Proxima.Training.Optimization;
using static TorchSharp.torch;

namespace Proxima.Benchmarks.Training;

/// <summary>Forward and backward pass of a language model on B × T tokens, all of them targets, as a share of the peak.</summary>
internal static class GradientBenchmark
{
    private const int Rounds = 5;
    private const int FlopsPerWeight = 6;

    /// <param name="model">folder or shape</param>
    /// <param name="machine">precision, attention, recomputation</param>
    /// <param name="size">B and T</param>
    /// <param name="yardsticks">of the machine</param>
    /// <param name="goal">share of the peak</param>
    public static BenchmarkRow Run(BenchmarkModel model, MachineSettings machine, (int B, int T) size, Yardsticks yardsticks, double goal)
    {
        (int B, int T) = size;
        TrainingPrecision precision = TrainingPrecision.Of(machine, earlierProducts: null);
        using CausalLanguageModel trained = ModelFolder.LoadCausal(model.Folder, precision.Trained);
        trained.Decoder.Options = precision.Options with
        {
            FusedAttention = machine.UseFlashAttention,
            Recompute = machine.Recompute ? machine.RecomputeGranularity : null,
        };
        using FlatParameters parameters = new(trained.NamedParameters(), precision.Copies);
        double best = BenchmarkClock.Best(Rounds, () =>
        {
            using var scope = NewDisposeScope();
            var ids = randint(0, trained.Config.VocabularySize, [B, T], dtype: ScalarType.Int64);
            var positions = arange(T, dtype: ScalarType.Int64).expand(B, -1).contiguous();
            var states = trained.Decoder.Forward(ids, positions).flatten(0, 1); // [B · T, C]
            ChunkedHead.Backward(trained.Head, states, ids.flatten(), 1, (logProbs, _, _) => logProbs.sum() / (-B * T), EntropyUse.None);
            parameters.CollectGradients();
        });

        double attention = (double)FlopsPerWeight * trained.Config.LayerCount * T * trained.Config.HiddenSize;
        double flops = (((double)FlopsPerWeight * parameters.Count) + attention) * B * T;
        string what = $"forward + backward {model.Name} ({B} x {T}), {Describe(machine)}";
        return BenchmarkRow.AtLeast(goal, what, flops / best / (yardsticks.Peak * 1e9), "of the peak");
    }

    /// <summary>The settings that matter here, in short.</summary>
    public static string Describe(MachineSettings machine)
    {
        string text = machine.Bf16 ? $"bf16 {machine.Fp16OptLevel}" : "fp32";
        text += machine.UseFlashAttention ? ", flash" : "";
        return machine.Recompute ? $"{text}, recompute {machine.RecomputeGranularity}" : text;
    }
}
