using Proxima.Core.Settings;
using Proxima.Training.Optimization;
using Proxima.Training.Ranks;

namespace Proxima.Cli.Ppo;

/// <summary>Divides the four models among the ranks, as far as the settings ask for it.</summary>
internal sealed class PpoMemory : IDisposable
{
    private readonly FrozenShards?[] _frozen;

    private PpoMemory(ModelOptimizer actor, ModelOptimizer critic, FrozenShards? reference, FrozenShards? reward)
    {
        _frozen = [reference, reward];
        (ModelRole Role, IDividedWeights? Weights)[] models =
            [(ModelRole.Actor, actor.Weights), (ModelRole.Critic, critic.Weights), (ModelRole.Reference, reference), (ModelRole.Reward, reward)];
        Weights = new RestingWeights(models.Where(model => model.Weights is not null).ToDictionary(model => model.Role, model => model.Weights!)); // just looked
    }

    /// <summary>Where the weights are.</summary>
    public RestingWeights Weights { get; }

    /// <summary>Divides. With offload frozen models are in memory only while they score, so there is nothing of them to divide.</summary>
    public static PpoMemory Of(PpoModels models, MachineSettings machine, ModelOptimizer actor, ModelOptimizer critic, ShardedRanks ranks)
    {
        actor.Follow(models.Actor.Decoder);
        critic.Follow(models.Critic.Decoder);
        return machine.Offload ? new PpoMemory(actor, critic, null, null) : new PpoMemory(
            actor,
            critic,
            models.Reference.Use(model => FrozenShards.Of("reference", model.NamedParameters(), ranks)),
            models.Reward?.Use(model => FrozenShards.Of("reward model", model.NamedParameters(), ranks)));
    }

    public void Dispose()
    {
        foreach (FrozenShards? model in _frozen)
        {
            model?.Dispose();
        }
    }
}
