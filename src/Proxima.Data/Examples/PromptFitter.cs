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

    /// <summary>Tokens of the last user turn (and the system message) without any history.</summary>
    public int LengthWithoutHistory(Dialogue dialogue) =>
        _format.EncodePrompt(dialogue, dialogue.Src.Count - 1, dialogue.Src[^1]).Length;

    /// <exception cref="ProximaException">there is no room for any of the last turn, or the prompt has no token</exception>
    public EncodedPrompt Fit(Dialogue dialogue, int maxTokens)
    {
        int last = dialogue.Src.Count - 1;
        int[] whole = _format.EncodePrompt(dialogue, 0, dialogue.Src[last]);
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
            int[] ids = _format.EncodePrompt(dialogue, turn, dialogue.Src[last]);
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
            end => _format.EncodePrompt(dialogue, last, end).Length <= maxTokens);
        return kept.Length > 0
            ? _format.EncodePrompt(dialogue, last, kept)
            : throw new ProximaException(
                ExitCode.Data,
                $"{Place(dialogue)}{maxTokens} tokens leave no room for the last user turn: the prompt needs "
                + $"{_format.EncodePrompt(dialogue, last, string.Empty).Length} without it. Expected room for at least the end of the turn; "
                + "raise max_prompt_len (or max_seq_len) or shorten the system message.");
    }

    private static string Place(Dialogue dialogue) => dialogue.Origin is null ? string.Empty : $"{dialogue.Origin}: ";
}
