using System.Text.Json;
using Proxima.Core.Binding;
using Proxima.Core.Display;

namespace Proxima.Cli.Plan;

/// <summary>A plan as one JSON object. Bytes, seconds and FLOPs are in units; the sizes are those of one rank.</summary>
internal static class PlanJson
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static string Of(PlanResult plan) => JsonSerializer.Serialize(
        new
        {
            Fits = plan.Refusals.Count == 0,
            plan.Refusals,
            plan.Machine,
            plan.PlanningSeconds,
            Batch = new { plan.Batch, plan.RolloutTokens, plan.MeanPrompt, plan.LongestSequence },
            Memory = new
            {
                plan.PeakBytes,
                AvailableBytes = plan.MemoryBytes,
                IsLowerBound = plan.Phases.Count == 0,
                Items = plan.Memory.Select(item => new { item.Name, Bytes = item.Bytes.ToDictionary(pair => NameOf(pair.Key), pair => pair.Value) }),
            },
            Time = plan.Phases.Count == 0
                ? null
                : new
                {
                    Phases = plan.Phases.Select(phase => new { Phase = NameOf(phase.Phase), phase.Seconds, phase.Flops }),
                    plan.StepSeconds,
                    plan.StepFlops,
                    plan.Evaluations,
                    plan.RunSeconds,
                    plan.PeakFlopsPerSecond,
                },
            Disk = new { plan.Disk, FreeBytes = plan.DiskBytes },
            Ranks = plan.Ranks.Select(row => new { Sharding = EnumText.Of(row.Sharding), row.PeakBytes, row.BytesSent, row.Seconds }),
            plan.Scaling,
        },
        Options);

    private static string NameOf(RunPhase phase) => phase.ToString().ToLowerInvariant();
}
