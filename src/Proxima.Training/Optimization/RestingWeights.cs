namespace Proxima.Training.Optimization;

/// <summary>
/// The weights of all models, divided among the ranks while models learn and whole for rollouts and scores (stage 3). Otherwise they are
/// always whole.
/// </summary>
/// <param name="learning">optimizers of the models that learn</param>
/// <param name="frozen">the other models, where they are divided</param>
public sealed class RestingWeights(IReadOnlyList<ModelOptimizer> learning, IReadOnlyList<FrozenShards> frozen)
{
    /// <summary>Gives back what other ranks hold.</summary>
    public void Release()
    {
        foreach (FrozenShards model in frozen)
        {
            model.Release();
        }

        foreach (ModelOptimizer model in learning)
        {
            model.Shards.Release();
        }
    }

    /// <summary>Fills in the float32 weights of models that compute with copies of them, for saving.</summary>
    public void GatherMasters()
    {
        foreach (ModelOptimizer model in learning)
        {
            model.Shards.GatherMasters();
        }
    }

    /// <summary>Gets it again.</summary>
    public void Gather()
    {
        foreach (ModelOptimizer model in learning)
        {
            model.Shards.Gather();
        }

        foreach (FrozenShards model in frozen)
        {
            model.Gather();
        }
    }
}
