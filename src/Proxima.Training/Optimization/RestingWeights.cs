namespace Proxima.Training.Optimization;

/// <summary>
/// Where the weights of the models are from step to step: divided among the ranks, each model whole only while it scores, the actor from a
/// rollout to the update after it (stage 3). Without division they are always whole.
/// </summary>
/// <param name="models">those that are divided</param>
public sealed class RestingWeights(IReadOnlyDictionary<ModelRole, IDividedWeights> models)
{
    /// <summary>Nothing is divided.</summary>
    public static RestingWeights AlwaysWhole { get; } = new(new Dictionary<ModelRole, IDividedWeights>());

    /// <summary>Every rank keeps its parts alone: before the first step, and before models learn.</summary>
    public void Rest()
    {
        foreach (IDividedWeights model in models.Values)
        {
            model.Release();
        }
    }

    /// <summary>Makes a model whole until <see cref="Rest"/>. All ranks call it.</summary>
    public void Gather(ModelRole role) => models.GetValueOrDefault(role)?.Gather();

    /// <summary>Makes a model whole until the result is disposed. All ranks call it.</summary>
    public IDisposable? Whole(ModelRole role) => models.GetValueOrDefault(role)?.Whole();
}
