namespace Proxima.Core.Display;

/// <summary>What a run is doing now.</summary>
public enum RunPhase
{
    Rollout,
    Score,
    Update,
    Evaluate,
    Save,
}
