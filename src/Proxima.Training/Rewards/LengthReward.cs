namespace Proxima.Training.Rewards;

/// <summary>−|tokens − target| ÷ target: 0 at the length aimed at, −1 for an empty answer or one of twice that length.</summary>
/// <param name="target">reward_target_length, above 0</param>
public sealed class LengthReward(int target) : IRewardFunction
{
    public double Score(ScoredAnswer answer) => -Math.Abs(answer.TokenCount - (double)target) / target;
}
