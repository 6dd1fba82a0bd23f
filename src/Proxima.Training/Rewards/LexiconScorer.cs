using System.Globalization;
using System.Text.RegularExpressions;
using Proxima.Core;
using Proxima.Core.Untrusted;

namespace Proxima.Training.Rewards;

/// <summary>
/// Sentiment of a text by word valences, a simplification of VADER: s = Σ valence × (−0.74 after a negation), score = s ÷ √(s² + 15).
/// </summary>
public sealed partial class LexiconScorer
{
    private const double NegationFactor = -0.74;
    private const int NegationReach = 3;
    private const double Normalisation = 15;

    private static readonly HashSet<string> Negations = [
        "no", "not", "never", "can't", "cannot", "didn't", "don't", "doesn't", "isn't", "wasn't", "couldn't", "won't", "wouldn't"];

    private readonly Dictionary<string, double> _valences = new(StringComparer.Ordinal);

    /// <param name="path">a file with lines of tab-separated entry, valence and more; of equal entries the last counts</param>
    /// <exception cref="ProximaException">the file is missing or a line has no number</exception>
    public LexiconScorer(string path)
    {
        if (!File.Exists(path))
        {
            throw new ProximaException(ExitCode.Usage, $"reward_lexicon: {path} does not exist. Give the path of a file with lines word<TAB>valence.");
        }

        int number = 0;
        foreach (string line in Lines(path))
        {
            number++;
            string[] fields = line.Split('\t');
            if (fields.Length < 2)
            {
                continue;
            }

            if (!double.TryParse(fields[1], CultureInfo.InvariantCulture, out double valence))
            {
                throw new ProximaException(
                    ExitCode.Data, $"{path}:{number}: \"{fields[1]}\" is no number; a line is a word, a tab and its valence.");
            }

            _valences[fields[0]] = valence;
        }

        if (_valences.Count == 0)
        {
            throw new ProximaException(ExitCode.Data, $"reward_lexicon: {path} holds no line with a word, a tab and its valence.");
        }
    }

    /// <summary>Between −1 and 1; 0 without a known word.</summary>
    public double Score(string text)
    {
        string[] words = [.. Words().Matches(text.ToLowerInvariant()).Select(match => match.Value)];
        double sum = 0;
        for (int i = 0; i < words.Length; i++)
        {
            if (_valences.TryGetValue(words[i], out double valence))
            {
                bool negated = words[Math.Max(0, i - NegationReach)..i].Any(Negations.Contains);
                sum += negated ? valence * NegationFactor : valence;
            }
        }

        return sum / Math.Sqrt((sum * sum) + Normalisation);
    }

    private static IEnumerable<string> Lines(string path)
    {
        try
        {
            RegularFile.Require(path);
        }
        catch (IOException exception)
        {
            throw new ProximaException(ExitCode.Usage, $"reward_lexicon: {path} cannot be read. {exception.Message} Give the path of a file.", exception);
        }

        return File.ReadLines(path);
    }

    [GeneratedRegex("[a-z']+")]
    private static partial Regex Words();
}
