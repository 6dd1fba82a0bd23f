namespace Proxima.Core.Settings;

/// <summary>What a stage before PPO learns from.</summary>
[ArgumentGroup("Data")]
public sealed record StageDataSettings
{
    [Argument("task file with the training data", Default = "required")]
    public string? TrainTaskConfig { get; init; }

    [Argument("task file with held-out data; none: no evaluation")]
    public string? EvalTaskConfig { get; init; }

    [Argument("skip, count and report bad data lines instead of ending the run")]
    public bool SkipInvalidData { get; init; }

    [Argument("prompt and reply in tokens; what is longer is cut", Default = "4096, at most the model's positions")]
    [Bounds(AtLeast = 2)]
    public int MaxSeqLen { get; init; } = 4096;

    [Argument("no end of turn and no eos stand behind a reply")]
    public bool IgnoreEos { get; init; }
}
