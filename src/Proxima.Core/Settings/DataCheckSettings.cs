namespace Proxima.Core.Settings;

/// <summary>Arguments of <c>data check</c>.</summary>
[ArgumentGroup("Check")]
public sealed record DataCheckSettings
{
    [Argument("what a line must hold; auto: as the first line looks")]
    public DataKind Kind { get; init; } = DataKind.Auto;

    [Argument("folder of the model that will read the data: lengths are then in tokens, without it in characters")]
    public string? ModelNameOrPath { get; init; }

    [Argument("read model files through symbolic links that lead out of their folder, as in the cache of a download tool")]
    public bool FollowModelLinks { get; init; }

    [Argument("longest prompt in tokens; longer ones are counted as cut. Needs model_name_or_path")]
    [Bounds(AtLeast = 1)]
    public int? MaxPromptLen { get; init; }

    [Argument("prompt and reply in tokens at most, for sft and preference data. Needs model_name_or_path")]
    [Bounds(AtLeast = 2)]
    public int? MaxSeqLen { get; init; }
}
