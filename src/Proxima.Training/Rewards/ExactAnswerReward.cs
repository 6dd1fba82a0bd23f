using System.Text;
using Proxima.Core;

namespace Proxima.Training.Rewards;

/// <summary>1 when answer and label are the same text but for white space around them and their Unicode form (NFC), else 0.</summary>
public sealed class ExactAnswerReward : IRewardFunction
{
    /// <exception cref="ProximaException">the dialogue has no label</exception>
    public double Score(ScoredAnswer answer)
    {
        string label = answer.Dialogue.Label ?? throw new ProximaException(
            ExitCode.Data,
            $"{answer.Dialogue.Origin}: label is missing. Expected the right answer, since the reward function exact_answer compares with it; add it.");
        return Comparable(answer.Text) == Comparable(label) ? 1 : 0;
    }

    private static string Comparable(string text) => text.Trim().Normalize(NormalizationForm.FormC);
}
