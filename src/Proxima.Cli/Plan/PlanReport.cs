using System.Globalization;
using Proxima.Core.Binding;
using Proxima.Core.Display;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;
using Proxima.Training.Planning;

namespace Proxima.Cli.Plan;

/// <summary>A plan as tables.</summary>
internal static class PlanReport
{
    private const double Gigabyte = 1e9;
    private const double Megabyte = 1e6;
    private const double Tera = 1e12;

    /// <summary>The lines, without what refuses the run.</summary>
    /// <param name="plan">what to say</param>
    /// <param name="style">of titles</param>
    public static IEnumerable<string> Lines(PlanResult plan, HelpStyle style)
    {
        string[][] parts = [[.. Batches(plan)], [.. Memory(plan)], [.. Times(plan)], [.. Disk(plan)], [.. Ranks(plan)], [.. Scaling(plan)]];
        string[] titles = ["Batches", "Memory of a rank, GB", "Time", "Disk", "Ranks", "Scaling"];
        yield return $"{plan.Machine}; planned in {Number(plan.PlanningSeconds, 1)} s";
        foreach ((string title, string[] lines) in titles.Zip(parts).Where(pair => pair.Second.Length > 0))
        {
            yield return "";
            yield return style.Title(title);
            foreach (string line in lines)
            {
                yield return $"  {line}";
            }
        }
    }

    private static IEnumerable<string> Batches(PlanResult plan)
    {
        BatchPlan batch = plan.Batch;
        return Table(
            ["", "a PPO step", "the run"],
            ["prompts", Count(batch.GlobalPrompts), Count((double)batch.GlobalPrompts * batch.TotalSteps)],
            ["sequences", Count((double)batch.Ranks * batch.SequencesPerRollout), Count((double)batch.Ranks * batch.SequencesPerRollout * batch.TotalSteps)],
            ["tokens, responses at their longest", Count(batch.Ranks * plan.RolloutTokens), Count(batch.Ranks * plan.RolloutTokens * batch.TotalSteps)],
            [$"micro-batches of {batch.SequencesPerMicroBatch} on a rank", Count(batch.Passes * batch.MicroBatchesPerPass), Count((double)batch.Passes * batch.MicroBatchesPerPass * batch.TotalSteps)],
            [$"optimizer steps ({batch.Passes} passes)", Count(batch.OptimizerStepsPerStep), Count(batch.TotalOptimizerSteps)],
            ["PPO steps", "1", $"{Count(batch.TotalSteps)} ({Count(batch.StepsPerEpoch)} an epoch)"]);
    }

    private static IEnumerable<string> Memory(PlanResult plan)
    {
        RunPhase[] phases = [.. plan.Memory.SelectMany(item => item.Bytes.Keys).Distinct().Order()];
        string[][] rows = [.. plan.Memory.Select(item => (string[])[item.Name, .. phases.Select(phase => item.In(phase) is > 0 and var bytes ? Number(bytes / Gigabyte, 3) : "")])];
        string[] sums = ["together", .. phases.Select(phase => Number(plan.Memory.Sum(item => item.In(phase)) / Gigabyte, 3))];
        string activations = plan.Phases.Count == 0 ? " at least: activations and engine are not counted, for the rest is too much already" : "";
        return [
            .. Table([["", .. phases.Select(NameOf)], .. rows, sums]),
            $"highest {Number(plan.PeakBytes / Gigabyte, 3)} of {Number(plan.MemoryBytes / Gigabyte, 3)}{activations}"];
    }

    private static IEnumerable<string> Times(PlanResult plan)
    {
        if (plan.Phases.Count == 0)
        {
            return [];
        }

        double run = plan.RunSeconds;
        string[][] rows = [.. plan.Phases.Select(phase => Row(phase.Phase == RunPhase.Evaluate ? "an evaluation" : NameOf(phase.Phase), phase.Seconds, phase.Flops))];
        string evaluations = plan.Evaluations > 0 ? $" and {Count(plan.Evaluations)} evaluations" : "";
        return [
            .. Table([
                ["", "seconds", "TFLOP", "of the peak"], .. rows,
                Row("a PPO step", plan.StepSeconds, plan.StepFlops)]),
            $"the run: {Count(plan.Batch.TotalSteps)} steps{evaluations}, {Duration(run)} without saving; peak {Number(plan.PeakFlopsPerSecond / Gigabyte, 0)} GFLOP/s"];

        string[] Row(string name, double seconds, double flops) =>
            [name, Number(seconds, 3), Number(flops / Tera, 3), $"{Number(100 * flops / (seconds * plan.PeakFlopsPerSecond), 0)} %"];
    }

    private static IEnumerable<string> Disk(PlanResult plan)
    {
        DiskPlan disk = plan.Disk;
        return Table(
            ["a checkpoint", $"{Number(disk.Checkpoint / Gigabyte, 3)} GB"],
            ["checkpoints", $"{Count(disk.Saved)} saved, {Count(disk.Kept)} kept"],
            ["actor and critic at the end", $"{Number(disk.Models / Gigabyte, 3)} GB"],
            ["at the highest", $"{Number(disk.Highest / Gigabyte, 3)} GB of {Number(plan.DiskBytes / Gigabyte, 3)} GB free"]);
    }

    private static IEnumerable<string> Ranks(PlanResult plan)
    {
        PlanSettings settings = plan.Plan;
        string[][] rows = [.. plan.Ranks.Select(row => (string[])
            [row.Sharding == Sharding.None ? "not sharded" : EnumText.Of(row.Sharding), Number(row.PeakBytes / Gigabyte, 3), Number(row.BytesSent / Megabyte, 1), Number(row.Seconds, 3)])];
        return rows.Length == 0 ? [] : [
            .. Table([[$"{Count(settings.Ranks)} ranks", "memory of a rank, GB", "sent by a rank in a step, MB", "seconds"], .. rows]),
            $"with {Number(settings.LatencyUs, 1)} us latency and {Number(settings.BandwidthGbPerS, 2)} GB/s, given by latency_us and bandwidth_gb_per_s; their defaults are guesses, doctor under mpirun measures them"];
    }

    private static IEnumerable<string> Scaling(PlanResult plan) => plan.Scaling.Count == 0 ? [] : Table(
    [
        ["ranks, each with such a batch", "sending, s", "a PPO step, s", "sequences/s", "of so many times one rank"],
        .. plan.Scaling.Select(row => (string[])
            [Count(row.Ranks), Number(row.SendSeconds, 3), Number(row.StepSeconds, 3), Number(row.SequencesPerSecond, 1), $"{Number(100 * row.Efficiency, 0)} %"]),
    ]);

    /// <summary>Columns side by side, the first to the left and the others to the right.</summary>
    private static IEnumerable<string> Table(params string[][] rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        return rows.Select(row => string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]))).TrimEnd());
    }

    private static string NameOf(RunPhase phase) => phase.ToString().ToLowerInvariant();

    private static string Count(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double number, int digits) => number.ToString($"F{digits}", CultureInfo.InvariantCulture);

    private static string Duration(double seconds) => seconds switch
    {
        < 120 => $"{Number(seconds, 0)} s",
        < 7200 => $"{Number(seconds / 60, 0)} minutes",
        < 172800 => $"{Number(seconds / 3600, 1)} hours",
        _ => $"{Number(seconds / 86400, 1)} days",
    };
}
