namespace Proxima.Training;

/// <summary>Two models that answered the same prompts, answer by answer.</summary>
public sealed record PairedComparison
{
    /// <summary>Answers of the first model with the higher score.</summary>
    public required int Wins { get; init; }

    public required int Ties { get; init; }

    public required int Losses { get; init; }

    /// <summary>(wins + ½ ties) ÷ answers.</summary>
    public required double WinRate { get; init; }

    public required ConfidenceInterval WinRateInterval { get; init; }

    /// <summary>Mean score of the first model less that of the second.</summary>
    public required double Difference { get; init; }

    public required ConfidenceInterval DifferenceInterval { get; init; }

    /// <summary>Compares scores. The answers to one prompt are not independent, so the intervals count prompts, not answers.</summary>
    /// <param name="first">[prompts × answers] scores, the answers to a prompt side by side</param>
    /// <param name="second">[prompts × answers] in the same order</param>
    /// <param name="answersPerPrompt">answers to each prompt</param>
    public static PairedComparison Of(IReadOnlyList<double> first, IReadOnlyList<double> second, int answersPerPrompt)
    {
        if (first.Count != second.Count || first.Count == 0 || first.Count % answersPerPrompt != 0)
        {
            throw new ArgumentException($"{first.Count} and {second.Count} scores were given; expected the same whole number of prompts with {answersPerPrompt} answers", nameof(second));
        }

        double[] differences = [.. first.Zip(second, (a, b) => a - b)];
        double[] byPrompt = [.. differences.Chunk(answersPerPrompt).Select(chunk => chunk.Average())];
        int wins = differences.Count(d => d > 0);
        int ties = differences.Count(d => d == 0);
        double rate = (wins + (ties / 2.0)) / differences.Length;
        return new PairedComparison
        {
            Wins = wins,
            Ties = ties,
            Losses = differences.Length - wins - ties,
            WinRate = rate,
            WinRateInterval = ConfidenceInterval.OfShare(rate, byPrompt.Length),
            Difference = differences.Average(),
            DifferenceInterval = ConfidenceInterval.OfMean(byPrompt),
        };
    }
}
