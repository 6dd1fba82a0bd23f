namespace Proxima.Core.Settings;

/// <summary>What <c>init</c> has to know. On a terminal it asks for what is not given.</summary>
[ArgumentGroup("Init")]
public sealed record InitSettings
{
    [Argument("what the config is for", Default = "asked for; else ppo")]
    public InitStage? Stage { get; init; }

    [Argument("folder of the model to train", Default = "required")]
    public string? ModelNameOrPath { get; init; }

    [Argument("read model files through symbolic links that lead out of their folder, as in the cache of a download tool")]
    public bool FollowModelLinks { get; init; }

    [Argument("data files to train on, .jsonl or .jsonl.gz", Default = "required")]
    public IReadOnlyList<string>? TrainFiles { get; init; }

    [Argument("data files to evaluate on; none: no evaluation")]
    public IReadOnlyList<string>? EvalFiles { get; init; }

    [Argument("of ppo: folder of the reward model. Exactly one of it, reward_server and reward_function is needed")]
    public string? RewardModelNameOrPath { get; init; }

    [Argument("of ppo: address of a reward server")]
    public string? RewardServer { get; init; }

    [Argument("of ppo: a reward function, such as exact_answer")]
    public string? RewardFunction { get; init; }

    [Argument("folder of the run", Default = "runs/ and the stage")]
    public string? OutputDir { get; init; }

    [Argument("folder in which the files are written")]
    public string ConfigDir { get; init; } = ".";
}
