using Proxima.Core;
using Proxima.Data.Dialogues;
using Proxima.Text.Markup;

namespace Proxima.Data.Examples;

/// <summary>
/// Fits a prompt into a number of tokens: history is built from the last turn backwards, an older exchange that does not
/// fit whole is dropped with all before it, and a last user turn that is too long alone keeps its end.
/// </summary>
internal sealed class PromptFitter
{
    private readonly IPromptFormat _format;

    public PromptFitter(IPromptFormat format)
    {
        _format = format;
    }

    /// <summary>A prompt that leaves room for a reply; where both are long, each may take at least half of the room.</summary>
    /// <param name="dialogue">user turns and the replies to all but the last</param>
    /// <param name="replyTokens">tokens of the longest reply</param>
    /// <param name="maxTokens">tokens of prompt and reply together at most</param>
    /// <exception cref="ProximaException">there is no room for any of the last turn, or the prompt has no token</exception>
    public EncodedPrompt FitBesideReply(Dialogue dialogue, int replyTokens, int maxTokens)
    {
        int withoutHistory = Encode(dialogue, dialogue.Src.Count - 1, dialogue.Src[^1]).Length;
        int replyRoom = Math.Max(maxTokens - withoutHistory, maxTokens / 2);
        return Fit(dialogue, maxTokens - Math.Min(replyTokens, replyRoom));
    }

    /// <exception cref="ProximaException">there is no room for any of the last turn, or the prompt has no token</exception>
    public EncodedPrompt Fit(Dialogue dialogue, int maxTokens)
    {
        int last = dialogue.Src.Count - 1;
        int[] whole = Encode(dialogue, 0, dialogue.Src[last]);
        if (whole.Length == 0)
        {
            throw new ProximaException(
                ExitCode.Data,
                $"{Place(dialogue)}the prompt gives no token with this tokenizer. Expected text that the tokenizer knows; remove the line.");
        }

        if (whole.Length <= maxTokens)
        {
            return new EncodedPrompt { Ids = whole, DroppedTurns = 0, LastTurnCut = false };
        }

        int[]? kept = null;
        int first = last;
        for (int turn = last; turn >= 0; turn--)
        {
            int[] ids = Encode(dialogue, turn, dialogue.Src[last]);
            if (ids.Length > maxTokens)
            {
                break;
            }

            (kept, first) = (ids, turn);
        }

        return kept is null
            ? new EncodedPrompt { Ids = CutLastTurn(dialogue, maxTokens), DroppedTurns = last, LastTurnCut = true }
            : new EncodedPrompt { Ids = kept, DroppedTurns = first, LastTurnCut = false };
    }

    private int[] CutLastTurn(Dialogue dialogue, int maxTokens)
    {
        int last = dialogue.Src.Count - 1;
        string kept = MarkupTruncation.KeepEnd(
            dialogue.Src[last],
            end => Encode(dialogue, last, end).Length <= maxTokens);
        return kept.Length > 0
            ? Encode(dialogue, last, kept)
            : throw new ProximaException(
                ExitCode.Data,
                $"{Place(dialogue)}{maxTokens} tokens leave no room for the last user turn: the prompt needs "
                + $"{Encode(dialogue, last, string.Empty).Length} without it. Expected room for at least the end of the turn; "
                + "raise max_prompt_len (or max_seq_len) or shorten the system message.");
    }

    private int[] Encode(Dialogue dialogue, int firstTurn, string lastTurn) =>
        _format.EncodePrompt(_format.RenderPrompt(dialogue, firstTurn, lastTurn));

    private static string Place(Dialogue dialogue) => dialogue.Origin is null ? string.Empty : $"{dialogue.Origin}: ";
}
