using Proxima.Core;
using Proxima.Text;

namespace Proxima.Training.Rewards;

/// <summary>A mix of reward functions: Σ weight · score of each.</summary>
/// <param name="terms">the mix, at least one</param>
/// <param name="tokenizer">of the actor</param>
/// <param name="stop">ends the work between two answers</param>
public sealed class FunctionRewardSource(IReadOnlyList<WeightedReward> terms, Tokenizer tokenizer, CancellationToken stop = default) : IRewardSource
{
    /// <exception cref="NonFiniteException">a function gave no finite number</exception>
    /// <exception cref="ProximaException">a function failed</exception>
    public IReadOnlyList<double> Score(IReadOnlyList<Sequence> sequences) => [.. sequences.Select(Score)];

    private double Score(Sequence sequence)
    {
        stop.ThrowIfCancellationRequested();
        var answer = new ScoredAnswer(sequence.Dialogue, tokenizer.Decode(sequence.Response), sequence.Response.Length);
        return terms.Sum(term => term.Weight * Score(term, answer));
    }

    private static double Score(WeightedReward term, ScoredAnswer answer)
    {
        double score;
        try
        {
            score = term.Function.Score(answer);
        }
        catch (Exception exception) when (exception is not ProximaException)
        {
            throw new ProximaException(
                ExitCode.RewardSource, $"reward function {term.Name} failed at an answer to {answer.Dialogue.Origin}: {exception}", exception);
        }

        return double.IsFinite(score) ? score : throw new NonFiniteException(
            $"reward function {term.Name} gave {score} for an answer to {answer.Dialogue.Origin}. Expected a finite number; correct the function.");
    }
}
