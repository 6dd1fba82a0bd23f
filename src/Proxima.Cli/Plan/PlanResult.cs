using Proxima.Core.Display;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;
using Proxima.Training.Planning;

namespace Proxima.Cli.Plan;

/// <summary>All that a plan says.</summary>
internal sealed record PlanResult
{
    public required BatchPlan Batch { get; init; }

    /// <summary>Tokens of a rollout on one rank.</summary>
    public required double RolloutTokens { get; init; }

    /// <summary>Mean tokens of a prompt.</summary>
    public required double MeanPrompt { get; init; }

    /// <summary>Tokens of the longest prompt and its response.</summary>
    public required int LongestSequence { get; init; }

    /// <summary>Number types and threads, for the title.</summary>
    public required string Machine { get; init; }

    /// <summary>Time and operations of each phase; empty where the run cannot fit whatever its activations take.</summary>
    public required IReadOnlyList<PhaseForecast> Phases { get; init; }

    /// <summary>Evaluations of the run.</summary>
    public required int Evaluations { get; init; }

    /// <summary>Fastest matrix product of this machine, FLOP/s.</summary>
    public required double PeakFlopsPerSecond { get; init; }

    public required IReadOnlyList<MemoryItem> Memory { get; init; }

    /// <summary>Bytes of memory at the highest.</summary>
    public required double PeakBytes { get; init; }

    /// <summary>Bytes of memory that there are.</summary>
    public required double MemoryBytes { get; init; }

    public required DiskPlan Disk { get; init; }

    /// <summary>Bytes that are free where output_dir is to be.</summary>
    public required double DiskBytes { get; init; }

    /// <summary>Ranks, latency and bandwidth.</summary>
    public required PlanSettings Plan { get; init; }

    /// <summary>By kind of sharding; empty for one rank.</summary>
    public required IReadOnlyList<RankRow> Ranks { get; init; }

    /// <summary>A step on 1, 2, 4 … ranks up to those of the plan; empty for one rank, or without times.</summary>
    public required IReadOnlyList<ScalingRow> Scaling { get; init; }

    /// <summary>Why the run cannot be; empty when it can.</summary>
    public required IReadOnlyList<string> Refusals { get; init; }

    /// <summary>Seconds that the planning took.</summary>
    public required double PlanningSeconds { get; init; }

    /// <summary>Seconds of a PPO step.</summary>
    public double StepSeconds => OfAStep.Sum(phase => phase.Seconds);

    /// <summary>Operations of a PPO step that it cannot do without, on one rank.</summary>
    public double StepFlops => OfAStep.Sum(phase => phase.Flops);

    /// <summary>Seconds of all steps and evaluations.</summary>
    public double RunSeconds =>
        (Batch.TotalSteps * StepSeconds) + (Evaluations * Phases.Where(phase => phase.Phase == RunPhase.Evaluate).Sum(phase => phase.Seconds));

    private IEnumerable<PhaseForecast> OfAStep => Phases.Where(phase => phase.Phase != RunPhase.Evaluate);
}
