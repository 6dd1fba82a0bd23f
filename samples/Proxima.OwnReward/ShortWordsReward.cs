using Proxima.Training.Rewards;

namespace Proxima.OwnReward;

/// <summary>The share of an answer's words that have at most four letters; 0 without a word.</summary>
public sealed class ShortWordsReward : IRewardFunction
{
    private const int ShortLetters = 4;

    public double Score(ScoredAnswer answer)
    {
        string[] words = answer.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? 0 : words.Count(word => word.Count(char.IsLetter) <= ShortLetters) / (double)words.Length;
    }
}
