namespace Proxima.Core.Settings;

/// <summary>Where scores come from: exactly one of reward model, reward_server, reward_function.</summary>
[ArgumentGroup("Rewards")]
public sealed record RewardSettings
{
    [Argument("address of a reward server")]
    public string? RewardServer { get; init; }

    [Argument("responses of one request")]
    [Bounds(AtLeast = 1)]
    public int RewardServerBatchSize { get; init; } = 64;

    [Argument("seconds to wait for an answer")]
    [Bounds(AtLeast = 0.001, AtMost = 1e6)]
    public double RewardServerTimeoutS { get; init; } = 60;

    [Argument("further tries after a failure that may pass")]
    [Bounds(AtLeast = 0)]
    public int RewardServerRetries { get; init; } = 5;

    [Argument("environment variable with the bearer token")]
    public string? RewardServerTokenEnv { get; init; }

    [Argument("file with the bearer token")]
    public string? RewardServerTokenFile { get; init; }

    [Argument("exact_answer, regex, length, lexicon, or a mix name:weight,name:weight")]
    public string? RewardFunction { get; init; }

    [Argument("multiplies every score; -1 turns a reward round")]
    public double RewardScale { get; init; } = 1.0;

    [Argument("file of word valences that lexicon reads")]
    public string? RewardLexicon { get; init; }

    [Argument("pattern that regex looks for")]
    public string? RewardPattern { get; init; }

    [Argument("tokens that length aims at")]
    [Bounds(AtLeast = 1)]
    public int? RewardTargetLength { get; init; }

    [Argument("a second score at evaluation that training never sees: the gold metric eval/gold_mean")]
    public string? EvalRewardFunction { get; init; }
}
