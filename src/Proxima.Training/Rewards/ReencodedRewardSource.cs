namespace Proxima.Training.Rewards;

/// <summary>Lets a reward model score sequences in tokens of its own.</summary>
/// <param name="model">the reward model</param>
/// <param name="encode">a sequence in the reward model's tokens, at whose last it scores</param>
public sealed class ReencodedRewardSource(RewardModelSource model, Func<Sequence, int[]> encode) : IRewardSource
{
    public IReadOnlyList<double> Score(IReadOnlyList<Sequence> sequences) =>
        model.Score([.. sequences.Select(sequence => sequence with { Prompt = encode(sequence), Response = [], SamplerLogProbs = [] })]);
}
