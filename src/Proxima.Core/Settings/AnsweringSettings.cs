namespace Proxima.Core.Settings;

/// <summary>What the commands that only answer prompts have in common.</summary>
[ArgumentGroup("Model")]
public sealed record AnsweringSettings
{
    [Argument("folder of the model that answers", Default = "required")]
    public string? ModelNameOrPath { get; init; }

    [Argument("read model files through symbolic links that lead out of their folder, as in the cache of a download tool")]
    public bool FollowModelLinks { get; init; }

    [Argument("prompts that are answered at a time")]
    [Bounds(AtLeast = 1)]
    public int PerDeviceEvalBatchSize { get; init; } = 8;

    [Argument("skip, count and report bad data lines instead of refusing the file")]
    public bool SkipInvalidData { get; init; }

    [Argument("threads; 0: all cores")]
    [Bounds(AtLeast = 0, AtMost = 4096)]
    public int NumThreads { get; init; } = 0;
}
