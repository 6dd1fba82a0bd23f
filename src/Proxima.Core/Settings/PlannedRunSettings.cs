namespace Proxima.Core.Settings;

/// <summary>Every argument that may stand behind <c>plan</c>, for the completion of shells: its own, and those of <c>ppo</c>.</summary>
public sealed record PlannedRunSettings
{
    public PlanSettings Plan { get; init; } = new();

    public TaskSettings Task { get; init; } = new();

    public ModelSettings Model { get; init; } = new();

    public SamplingSettings Sampling { get; init; } = new();

    public OptimizerSettings Optimizer { get; init; } = new();

    public BatchSettings Batch { get; init; } = new();

    public PpoSettings Ppo { get; init; } = new();

    public RewardSettings Reward { get; init; } = new();

    public RunSettings Run { get; init; } = new();

    public MachineSettings Machine { get; init; } = new();
}
