namespace Proxima.Core.Settings;

/// <summary>Sizes per rank.</summary>
[ArgumentGroup("Batches")]
public sealed record BatchSettings
{
    [Argument("prompts per rank per rollout")]
    public int PerDevicePromptBatchSize { get; init; } = 16;

    [Argument("sequences per micro-batch")]
    public int PerDeviceTrainBatchSize { get; init; } = 1;

    [Argument("micro-batches of one optimizer step; 0: the rank's whole rollout")]
    public int GradientAccumulationSteps { get; init; } = 0;

    [Argument("prompts per evaluation batch")]
    public int PerDeviceEvalBatchSize { get; init; } = 8;
}
