using System.Globalization;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;
using Proxima.Training.Planning;

namespace Proxima.Cli.Plan;

/// <summary>Whether a run fits into memory and on the disk; if not, which settings would make it fit.</summary>
/// <param name="memory">bytes of memory that there are</param>
/// <param name="disk">bytes free on the disk</param>
/// <param name="ranks">ranks of the run</param>
internal sealed class PlanRefusals(double memory, double disk, int ranks)
{
    private const double Gigabyte = 1e9;
    private const int MostRemedies = 4;

    /// <summary>A line for each reason.</summary>
    /// <param name="settings">of the run</param>
    /// <param name="peak">bytes of memory that it takes at the highest</param>
    /// <param name="files">what it writes</param>
    /// <param name="peakWith">bytes of memory with other settings</param>
    public IEnumerable<string> Of(PpoCommandSettings settings, double peak, DiskPlan files, Func<PpoCommandSettings, double> peakWith)
    {
        if (peak > memory)
        {
            string[] remedies = [.. Remedies(settings)
                .Select(remedy => (remedy.Text, Peak: peakWith(remedy.Settings)))
                .Where(remedy => remedy.Peak <= memory)
                .Select(remedy => $"{remedy.Text} ({Text(remedy.Peak)})")
                .Take(MostRemedies)];
            yield return $"the run needs {Text(peak)} of memory, and there are {Text(memory)}. "
                + (remedies.Length > 0 ? $"It would fit with: {string.Join("; or ", remedies)}." : "No setting makes it fit: take smaller models, shorter sequences, or another machine.");
        }

        if (files.Highest > disk)
        {
            double room = disk - files.Models;
            int fewer = (int)Math.Floor(room / files.Checkpoint) - 1;
            yield return $"the run writes up to {Text(files.Highest)}, and output_dir = {settings.Run.OutputDir} has {Text(disk)} free. "
                + (fewer >= 1 ? $"It would fit with save_total_limit {fewer}." : "Not even one checkpoint fits beside the next: give an output_dir on another disk, or save_strategy no.");
        }
    }

    /// <summary>Changes that save memory, the cheapest first.</summary>
    private IEnumerable<(string Text, PpoCommandSettings Settings)> Remedies(PpoCommandSettings settings)
    {
        (string Text, Func<PpoCommandSettings, PpoCommandSettings> Change)[] steps =
        [
            ("async_save false", s => s with { Run = s.Run with { AsyncSave = false } }),
            (MicroBatchText(settings), SmallMicroBatches),
            ("sharding stage3", s => s with { Machine = s.Machine with { Sharding = Sharding.Stage3 } }),
            ("recompute true", s => s with { Machine = s.Machine with { Recompute = true, CriticRecompute = true, RecomputeGranularity = RecomputeGranularity.Full, CriticRecomputeGranularity = RecomputeGranularity.Full } }),
            ("offload true", s => s with { Machine = s.Machine with { Offload = true } }),
            ("bf16 true", s => s with { Machine = s.Machine with { Bf16 = true, Fp16OptLevel = OptLevel.O1 }, Ppo = s.Ppo with { RecomputeOldLogProbs = true } }),
        ];
        bool[] isDone =
        [
            !settings.Run.AsyncSave, settings.Batch.PerDeviceTrainBatchSize == 1, ranks == 1 || settings.Machine.Sharding == Sharding.Stage3, settings.Machine is { Recompute: true, CriticRecompute: true, RecomputeGranularity: RecomputeGranularity.Full },
            settings.Machine.Offload, settings.Machine.Bf16,
        ];
        int[] open = [.. Enumerable.Range(0, steps.Length).Where(i => !isDone[i])];
        IEnumerable<int[]> choices = open.Select(i => (int[])[i]).Concat(Enumerable.Range(2, Math.Max(0, open.Length - 1)).SelectMany(count => Choices(open, count)));
        foreach (int[] choice in choices)
        {
            PpoCommandSettings other = choice.Aggregate(settings, (changed, i) => steps[i].Change(changed));
            if (!SupportedFeatures.Gaps.Any(gap => gap.IsAskedFor(other)))
            {
                yield return (string.Join(" and ", choice.Select(i => steps[i].Text)), other);
            }
        }
    }

    private static IEnumerable<int[]> Choices(int[] from, int count) => count == 0
        ? [[]]
        : Enumerable.Range(0, from.Length).SelectMany(i => Choices(from[(i + 1)..], count - 1).Select(rest => (int[])[from[i], .. rest]));

    /// <summary>One sequence at a time, in as many optimizer steps as before.</summary>
    private static PpoCommandSettings SmallMicroBatches(PpoCommandSettings settings) => settings with
    {
        Batch = settings.Batch with
        {
            PerDeviceTrainBatchSize = 1,
            GradientAccumulationSteps = settings.Batch.GradientAccumulationSteps * settings.Batch.PerDeviceTrainBatchSize,
        },
    };

    private static string MicroBatchText(PpoCommandSettings settings) => settings.Batch.GradientAccumulationSteps == 0
        ? "per_device_train_batch_size 1"
        : string.Create(CultureInfo.InvariantCulture, $"per_device_train_batch_size 1 with gradient_accumulation_steps {SmallMicroBatches(settings).Batch.GradientAccumulationSteps}");

    private static string Text(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / Gigabyte:F2} GB");
}
