using Proxima.Core.Settings;
using Proxima.Generation.Fused;
using Proxima.Generation.Fused.Kernels;
using Proxima.Models;
using static TorchSharp.torch;

namespace Proxima.Benchmarks.Bench;

/// <summary>The rows of generation, each against the yardsticks of the same run.</summary>
internal sealed class GenerationRows(Yardsticks yardsticks, int threads, Action<string> tell)
{
    private const int Context = 64;
    private const int LongPrompt = 512;
    private const string Percent = "%";

    /// <summary>All rows of one shape.</summary>
    public IEnumerable<Goal> Of(ShapeGoals shape)
    {
        string folder = Directory.CreateTempSubdirectory("proxima-bench").FullName;
        try
        {
            tell($"{shape.Name}: writing random weights");
            shape.Model.Write(folder);
            using CausalLanguageModel model = ModelFolder.LoadCausal(folder, ScalarType.Float32);
            return [.. Precisions(shape).SelectMany(precision => Of(shape, model, precision))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The large shapes run in the faster precision alone.</summary>
    private static ComputePrecision[] Precisions(ShapeGoals shape) =>
        shape.AgainstEager.Count > 0 ? [ComputePrecision.Fp32, ComputePrecision.Bf16] : [ComputePrecision.Bf16];

    private IEnumerable<Goal> Of(ShapeGoals shape, CausalLanguageModel model, ComputePrecision precision)
    {
        KernelChoice kernels = KernelChoice.Make(ComputeKernel.Auto, precision, shape.Model.Parameters);
        using FusedModel fused = new(model, threads, kernels);
        string name = $"{shape.Name}, {kernels.ForWeights.Text}";
        tell($"{name}: packing weights");
        StepTimes packing = StepTimes.Of(Enumerable.Range(0, 5).Select(_ => WorkClock.Seconds(threads, fused.Refresh)).ToArray());
        foreach ((int rows, double target) in shape.AgainstEager)
        {
            tell($"{name}: decode, B = {rows}, and the plain path");
            StepTimes eager = EagerSteps.Decode(model, rows, Context, shape.Steps);
            StepTimes steps = FusedSteps.Decode(fused, rows, Context, shape.Steps);
            yield return new Goal
            {
                Name = $"decode {name}, B = {rows}, against the plain path",
                Measured = eager.Fast / steps.Fast,
                Median = eager.Median / steps.Median,
                Target = target,
                Unit = "times",
            };
        }

        if (shape.OfBandwidth is double ofBandwidth)
        {
            tell($"{name}: decode, B = 1");
            double bytes = (double)shape.Model.Parameters * kernels.ForWeights.WeightBytes;
            yield return FusedSteps.Decode(fused, 1, Context, shape.Steps)
                .Goal($"decode {name}, B = 1, of the bandwidth", 100 * bytes / (yardsticks.ReadBandwidth * 1e9), ofBandwidth, Percent);
        }

        tell($"{name}: decode, B = 32");
        StepTimes decode = FusedSteps.Decode(fused, 32, Context, shape.Steps);
        yield return decode.Goal($"decode {name}, B = 32, of the peak", 32 * shape.Model.Parameters * PercentOfPeak, shape.OfPeak, Percent);
        if (shape.PrefillOfPeak is double ofPeak)
        {
            tell($"{name}: reading {LongPrompt} tokens");
            double products = ((double)LongPrompt * shape.Model.BlockParameters) + shape.Model.HeadParameters;
            yield return FusedSteps.Prefill(fused, LongPrompt, repetitions: 5)
                .Goal($"prefill {name}, of the peak", products * PercentOfPeak, ofPeak, Percent);
        }

        yield return new Goal
        {
            Name = $"weights to the engine {name}, of the shortest PPO step",
            Measured = 100 * packing.Fast / ShortestStep(shape.Model),
            Median = 100 * packing.Median / ShortestStep(shape.Model),
            Target = 2,
            Unit = Percent,
            IsUpperBound = true,
        };
    }

    /// <summary>
    /// Seconds of 64 × (8 + 40) tokens in 2 passes at the peak: tokens · (2 N to generate + 4 N for log-probs + 4 Nb for value and reward) + passes ·
    /// tokens · 6 (N + Nb), N weights, Nb of them in blocks.
    /// </summary>
    private double ShortestStep(RandomModelFolder model)
    {
        const double Tokens = 64 * (8 + 40);
        const double Passes = 2;
        double all = model.Parameters;
        double blocks = model.BlockParameters;
        return Tokens * ((6 * all) + (4 * blocks) + (Passes * 6 * (all + blocks))) / (yardsticks.Peak * 1e9);
    }

    /// <summary>Percent of the peak times seconds that a multiply-add is.</summary>
    private double PercentOfPeak => 100 * 2 / (yardsticks.Peak * 1e9);
}
