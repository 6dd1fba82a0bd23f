namespace Proxima.Training.Rewards;

/// <summary>The lexicon score of the answer.</summary>
public sealed class LexiconReward(LexiconScorer scorer) : IRewardFunction
{
    public double Score(ScoredAnswer answer) => scorer.Score(answer.Text);
}
