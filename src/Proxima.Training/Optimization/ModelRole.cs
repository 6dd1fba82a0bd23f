namespace Proxima.Training.Optimization;

/// <summary>The four models of PPO.</summary>
public enum ModelRole
{
    Actor,
    Critic,
    Reference,
    Reward,
}
