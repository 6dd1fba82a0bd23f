namespace Proxima.Training.Rewards;

/// <summary>Another source's scores times reward_scale; −1 turns a reward round.</summary>
public sealed class ScaledRewardSource(IRewardSource source, double scale) : IRewardSource
{
    public IReadOnlyList<double> Score(IReadOnlyList<Sequence> sequences) =>
        [.. source.Score(sequences).Select(score => score * scale)];
}
