using Proxima.Training;

namespace Proxima.Cli.Answers;

/// <summary>What one model answered, and what the answers are worth. Lists are [prompts × answers], the answers to a prompt side by side.</summary>
internal sealed record ModelAnswers
{
    public required string Folder { get; init; }

    public required IReadOnlyList<Sequence> Sequences { get; init; }

    public required IReadOnlyList<string> Texts { get; init; }

    public required IReadOnlyList<double> Scores { get; init; }

    /// <summary>Scores of eval_reward_function; null when there is none.</summary>
    public required IReadOnlyList<double>? Gold { get; init; }

    public required int AnswersPerPrompt { get; init; }

    /// <summary>Name → number, in the order to be shown.</summary>
    public IReadOnlyList<(string Name, double Value)> Numbers()
    {
        double[] lengths = [.. Sequences.Select(sequence => (double)sequence.Response.Length)];
        ConfidenceInterval interval = MeanInterval(Scores);
        List<(string, double)> numbers =
        [
            ("prompts", Sequences.Count / (double)AnswersPerPrompt),
            ("answers", Sequences.Count),
            ("reward_mean", Scores.Average()),
            ("reward_mean_low", interval.Low),
            ("reward_mean_high", interval.High),
            ("reward_std", ResponseStatistics.Deviation([.. Scores])),
            ("reward_min", Scores.Min()),
            ("reward_max", Scores.Max()),
            ("response_length_mean", lengths.Average()),
            ("response_length_min", lengths.Min()),
            ("response_length_max", lengths.Max()),
            ("finished_fraction", Sequences.Count(sequence => sequence.Finished) / (double)Sequences.Count),
            ("distinct_2", ResponseStatistics.Distinct2(Sequences.Select(sequence => sequence.Response))),
        ];
        if (Gold is not null)
        {
            ConfidenceInterval gold = MeanInterval(Gold);
            numbers.AddRange([("gold_mean", Gold.Average()), ("gold_mean_low", gold.Low), ("gold_mean_high", gold.High)]);
        }

        return numbers;
    }

    /// <summary>The answers to one prompt are not independent: each prompt counts once.</summary>
    private ConfidenceInterval MeanInterval(IReadOnlyList<double> scores) =>
        ConfidenceInterval.OfMean([.. scores.Chunk(AnswersPerPrompt).Select(ofPrompt => ofPrompt.Average())]);
}
