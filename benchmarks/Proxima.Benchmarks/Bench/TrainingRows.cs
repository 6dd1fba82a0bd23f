using System.Globalization;
using Proxima.Core.Settings;
using Proxima.Training;

namespace Proxima.Benchmarks.Bench;

/// <summary>The rows of training, each against the yardsticks of the same run.</summary>
internal sealed class TrainingRows(Yardsticks yardsticks, int threads, Action<string> tell)
{
    private const string Percent = "%";
    private static readonly MachineSettings Fp32 = new();
    private static readonly MachineSettings Bf16 = new() { Bf16 = true, Fp16OptLevel = OptLevel.O2 };

    /// <summary>Float32 masters without 16-bit copies: the precision that takes the least memory.</summary>
    private static readonly MachineSettings Lean = new() { Bf16 = true, Fp16OptLevel = OptLevel.O1, Offload = true };

    /// <summary>Passes and whole steps of one shape, in both precisions; the largest in the leanest alone.</summary>
    public IEnumerable<Goal> Of(TrainingShape shape)
    {
        using TemporaryModel model = new(shape.Model);
        foreach (MachineSettings machine in shape.MostGigabytes is null ? [Fp32, Bf16] : new[] { Lean })
        {
            string name = $"{shape.Name}, {Describe(machine)}";
            if (shape.GradientsOfPeak is double target)
            {
                (int B, int T) = shape.GradientSize;
                tell($"{name}: forward + backward, {B} x {T}");
                (StepTimes times, double flops) = GradientSteps.Measure(model.Folder, machine with { Offload = false }, (B, T), threads);
                yield return times.Goal($"forward + backward {name}, {B} x {T}, of the peak", 100 * flops / (yardsticks.Peak * 1e9), target, Percent);
            }

            foreach (Goal goal in Steps(shape, model.Folder, machine, name))
            {
                yield return goal;
            }
        }
    }

    private IEnumerable<Goal> Steps(TrainingShape shape, string folder, MachineSettings machine, string name)
    {
        tell($"{name}: {shape.Steps + 1} PPO steps, {shape.Sequences} x (8 + {shape.NewTokens})");
        PeakMemory.Begin();
        using PpoSteps ppo = new(folder, machine, shape.Sequences, shape.NewTokens, threads);
        ppo.Step(0);
        (double Rollout, double Score, double Update)[] steps = [.. Enumerable.Range(1, shape.Steps).Select(ppo.Step)];
        StepTimes times = StepTimes.Of(steps.Select(step => step.Rollout + step.Score + step.Update));
        double utilisation = 100 * ppo.Utilisation(times.Fast, yardsticks.Peak);
        tell(string.Create(
            CultureInfo.InvariantCulture,
            $"  {times.Fast:F3} s: rollout {steps.Min(s => s.Rollout):F3}, scores {steps.Min(s => s.Score):F3}, update {steps.Min(s => s.Update):F3}; {utilisation:F0} % of the peak"));
        if (shape.Utilisation is double target)
        {
            yield return times.Goal($"PPO step {name}, utilisation", 100 * ppo.Utilisation(1, yardsticks.Peak), target, Percent);
        }

        if (shape.SecondsAt325 is double seconds)
        {
            yield return new Goal
            {
                Name = $"PPO step {name}",
                Measured = 1000 * times.Fast,
                Median = 1000 * times.Median,
                Target = Math.Round(1000 * seconds * 325 / yardsticks.Fp32Gemm),
                Unit = "ms",
                IsUpperBound = true,
            };
        }

        if (shape.MostGigabytes is double most)
        {
            double peak = ProcessMemory.Gigabytes().Peak;
            yield return new Goal { Name = $"PPO step {name}, highest memory", Measured = peak, Median = peak, Target = most, Unit = "GB", IsUpperBound = true };
        }
    }

    private static string Describe(MachineSettings machine) =>
        (machine.Bf16 ? $"bf16 {machine.Fp16OptLevel}" : "fp32") + (machine.Offload ? ", offload" : "");
}
