using System.Globalization;
using Proxima.Cli.Answers;
using Proxima.Training;

namespace Proxima.Cli.Comparing;

/// <summary>The actors of runs against that of the first, answer by answer.</summary>
/// <param name="names">what the runs are called</param>
/// <param name="actors">their answers to the same prompts from the same random streams</param>
internal sealed class WinRates(IReadOnlyList<string> names, IReadOnlyList<ModelAnswers> actors)
{
    /// <summary>What the numbers are.</summary>
    public string About =>
        $"Actors on the same {actors[0].Sequences.Count / actors[0].AnswersPerPrompt} prompts, each answer against that of {names[0]}; a tie counts half. In brackets: 95 % confidence.";

    /// <summary>Heads of the columns.</summary>
    public static IReadOnlyList<string> Head { get; } = ["run", "reward", "wins", "ties", "losses", "win rate", "difference"];

    /// <summary>A row for each run; of the first only the reward.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Rows() => [.. actors.Select(Row)];

    private IReadOnlyList<string> Row(ModelAnswers actor, int i)
    {
        string reward = Number(actor.Scores.Average());
        if (i == 0)
        {
            return [names[i], reward, "", "", "", "", ""];
        }

        PairedComparison found = PairedComparison.Of(actor.Scores, actors[0].Scores, actor.AnswersPerPrompt);
        return
        [
            names[i], reward, Whole(found.Wins), Whole(found.Ties), Whole(found.Losses),
            $"{Number(found.WinRate)} {Range(found.WinRateInterval)}", $"{Number(found.Difference)} {Range(found.DifferenceInterval)}",
        ];
    }

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Range(ConfidenceInterval interval) => $"[{Number(interval.Low)}, {Number(interval.High)}]";
}
