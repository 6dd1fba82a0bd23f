namespace Proxima.Training.Rewards;

/// <summary>
/// Scores one answer by its text: the interface for a reward of one's own (docs/rewards.md). Called from the training thread, one
/// answer after the other; the same answer must get the same score, or a resumed run would not go on as it was.
/// </summary>
public interface IRewardFunction
{
    /// <summary>The score of an answer; higher is better.</summary>
    /// <returns>a finite number</returns>
    public double Score(ScoredAnswer answer);
}
