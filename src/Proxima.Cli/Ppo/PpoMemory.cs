using Proxima.Core.Settings;
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

    /// <summary>Divides. With offload frozen models are not in memory while others learn, so there is nothing of them to divide.</summary>
    public static PpoMemory Of(PpoModels models, MachineSettings machine, ModelOptimizer actor, ModelOptimizer critic, ShardedRanks ranks)
    {
        actor.Follow(models.Actor.Decoder);
        critic.Follow(models.Critic.Decoder);
        FrozenShards?[] frozen = machine.Offload ? [] :
        [
            models.Reference.Use(model => FrozenShards.Of("reference", model.NamedParameters(), ranks)),
            models.Reward?.Use(model => FrozenShards.Of("reward model", model.NamedParameters(), ranks)),
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
