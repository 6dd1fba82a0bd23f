namespace Proxima.Training.Rewards;

/// <summary>One reward function of a mix.</summary>
/// <param name="Name">its name, for messages</param>
/// <param name="Weight">factor of its score</param>
/// <param name="Function">gives the score</param>
public sealed record WeightedReward(string Name, double Weight, IRewardFunction Function);
