namespace Proxima.Core.Settings;

/// <summary>Sizes per rank.</summary>
[ArgumentGroup("Batches")]
public sealed record BatchSettings
{
    [Argument("prompts of a rollout on each rank")]
    [Bounds(AtLeast = 1)]
    public int PerDevicePromptBatchSize { get; init; } = 16;

    [Argument("sequences of a micro-batch (in reward: lines, each with all its responses)")]
    [Bounds(AtLeast = 1)]
    public int PerDeviceTrainBatchSize { get; init; } = 1;

    [Argument("micro-batches of one optimizer step; in ppo 0: the rank's whole rollout")]
    [Bounds(AtLeast = 0)]
    public int GradientAccumulationSteps { get; init; } = 0;

    [Argument("prompts (in sft and reward: lines) of an evaluation batch")]
    [Bounds(AtLeast = 1)]
    public int PerDeviceEvalBatchSize { get; init; } = 8;
}
