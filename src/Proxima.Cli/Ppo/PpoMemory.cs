using Proxima.Training.Optimization;
using Proxima.Training.Ranks;

namespace Proxima.Cli.Ppo;

/// <summary>Divides the four models among the ranks, as far as the settings ask for it.</summary>
internal sealed class PpoMemory : IDisposable
{
    private readonly FrozenShards[] _frozen;

    private PpoMemory(ModelOptimizer actor, ModelOptimizer critic, FrozenShards[] frozen)
    {
        _frozen = frozen;
        Weights = new RestingWeights([actor, critic], frozen);
    }

    /// <summary>Where the weights are.</summary>
    public RestingWeights Weights { get; }

    /// <summary>Divides.</summary>
    public static PpoMemory Of(PpoModels models, ModelOptimizer actor, ModelOptimizer critic, ShardedRanks ranks)
    {
        actor.Follow(models.Actor.Decoder);
        critic.Follow(models.Critic.Decoder);
        FrozenShards?[] frozen =
        [
            FrozenShards.Of("reference", models.Reference.NamedParameters(), ranks),
            models.Reward is { } reward ? FrozenShards.Of("reward model", reward.NamedParameters(), ranks) : null,
        ];
        return new PpoMemory(actor, critic, [.. frozen.OfType<FrozenShards>()]);
    }

    public void Dispose()
    {
        foreach (FrozenShards model in _frozen)
        {
            model.Dispose();
        }
    }
}
