namespace Proxima.Training.Optimization;

/// <summary>The weights of one model, of which each rank of a group keeps a part (stage 3).</summary>
public interface IDividedWeights
{
    /// <summary>Gets what other ranks hold. All ranks call it.</summary>
    public void Gather();

    /// <summary>Gives it back; waits for nobody.</summary>
    public void Release();
}
