namespace Proxima.Core.Settings;

/// <summary>The model of a stage before PPO.</summary>
[ArgumentGroup("Model")]
public sealed record StageModelSettings
{
    [Argument("folder of the model to start from", Default = "required; in sft, it or init_from_config")]
    public string? ModelNameOrPath { get; init; }

    [Argument("in its place, a folder with a config.json and a tokenizer: weights are drawn anew, by seed")]
    public string? InitFromConfig { get; init; }

    [Argument("read model files through symbolic links that lead out of their folder, as in the cache of a download tool")]
    public bool FollowModelLinks { get; init; }
}
