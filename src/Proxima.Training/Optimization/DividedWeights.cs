namespace Proxima.Training.Optimization;

/// <summary>Ways to use divided weights.</summary>
public static class DividedWeights
{
    /// <summary>Makes a model whole until the result is disposed. All ranks call it.</summary>
    public static IDisposable Whole(this IDividedWeights model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Gather();
        return new Scope(model);
    }

    private sealed class Scope(IDividedWeights model) : IDisposable
    {
        public void Dispose() => model.Release();
    }
}
