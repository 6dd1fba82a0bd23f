using Proxima.Data.Dialogues;
using Proxima.Data.Examples;

namespace Proxima.Training.Preferences;

/// <summary>The responses of one line as tokens, and every pair of them that the line ranks.</summary>
/// <param name="Responses">prompt and response, one each</param>
/// <param name="Pairs">indices of the better and the worse response, and the difference of their numbers in sort</param>
public sealed record RankedResponses(
    IReadOnlyList<EncodedExample> Responses, IReadOnlyList<(int Better, int Worse, double Difference)> Pairs)
{
    /// <summary>Tokens of the longest response with its prompt.</summary>
    public int Length => Responses.Max(response => response.Ids.Length);

    /// <summary>Tokens of all responses with their prompts.</summary>
    public int Tokens => Responses.Sum(response => response.Ids.Length);

    /// <summary>Tokens of one forward of some lines, pads counted.</summary>
    public static int PaddedTokens(RankedResponses[] lines) => lines.Sum(line => line.Responses.Count) * lines.Max(line => line.Length);

    /// <summary>Encodes a line of preference data. Responses with equal numbers are no pair.</summary>
    public static RankedResponses Of(Dialogue dialogue, DialogueEncoder encoder, int maxTokens)
    {
        IReadOnlyList<double> sort = dialogue.Sort ?? throw new ArgumentException("expected preference data", nameof(dialogue));
        return new RankedResponses(
            encoder.EncodeResponses(dialogue, maxTokens),
            [.. from better in Enumerable.Range(0, sort.Count)
                from worse in Enumerable.Range(0, sort.Count)
                where sort[better] > sort[worse]
                select (better, worse, sort[better] - sort[worse])]);
    }
}
