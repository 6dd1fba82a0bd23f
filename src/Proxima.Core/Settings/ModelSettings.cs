namespace Proxima.Core.Settings;

/// <summary>The four models of PPO. Local Hugging Face folders.</summary>
[ArgumentGroup("Models")]
public sealed record ModelSettings
{
    [Argument("folder of the actor and of the frozen reference", Default = "required")]
    public string? ActorModelNameOrPath { get; init; }

    [Argument("folder of the reward model and of the first critic. Exactly one of it, reward_server and reward_function is required")]
    public string? RewardModelNameOrPath { get; init; }

    [Argument("folder of the critic's first weights", Default = "the reward model's, else the actor's with a zero score head")]
    public string? CriticModelNameOrPath { get; init; }

    [Argument("read model files through symbolic links that lead out of their folder, as in the cache of a download tool")]
    public bool FollowModelLinks { get; init; }
}
