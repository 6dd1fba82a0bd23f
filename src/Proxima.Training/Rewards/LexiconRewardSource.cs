using Proxima.Text;

namespace Proxima.Training.Rewards;

/// <summary>The lexicon score of the response's text, special tokens left out.</summary>
public sealed class LexiconRewardSource(LexiconScorer scorer, Tokenizer tokenizer) : IRewardSource
{
    public IReadOnlyList<double> Score(IReadOnlyList<Sequence> sequences) =>
        [.. sequences.Select(sequence => scorer.Score(tokenizer.Decode(sequence.Response)))];
}
