namespace Proxima.Core.Settings;

/// <summary>Every argument of the command <c>ppo</c>, in the groups that <c>--help</c> shows.</summary>
public sealed record PpoCommandSettings : ITrainingSettings
{
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
