using Proxima.Data.Dialogues;
using Proxima.Text;
using Proxima.Text.Markup;

namespace Proxima.Data.Examples;

/// <summary>Training examples of models with a chat template.</summary>
internal sealed class TemplateExamples
{
    private readonly Tokenizer _tokenizer;
    private readonly ReplyRegions _regions;
    private readonly SegmentEncoder _segments;
    private readonly PromptFitter _fitter;
    private readonly IReadOnlyList<int> _appendedEnd;

    /// <param name="tokenizer">of the model</param>
    /// <param name="format">its template</param>
    /// <param name="regions">where replies stand</param>
    /// <param name="appendedEnd">tokens behind the last reply that the template does not write itself</param>
    public TemplateExamples(Tokenizer tokenizer, TemplateFormat format, ReplyRegions regions, IReadOnlyList<int> appendedEnd)
    {
        _tokenizer = tokenizer;
        _regions = regions;
        _segments = new SegmentEncoder(tokenizer);
        _fitter = new PromptFitter(format);
        _appendedEnd = appendedEnd;
    }

    /// <summary>One example of all replies, or one for each where later turns change how earlier ones are written.</summary>
    public (IReadOnlyList<Dialogue> Examples, bool IsSplit) Expand(Dialogue dialogue)
    {
        if (dialogue.TrainsLastReplyOnly || dialogue.Tgt.Count == 1 || _regions.Find(dialogue, 0).IsWhole)
        {
            return ([dialogue], false);
        }

        return ([.. Enumerable.Range(1, dialogue.Tgt.Count).Select(dialogue.UpToReply)], true);
    }

    /// <summary>The example, cut to fit: history first, then the last exchange.</summary>
    public EncodedExample Encode(Dialogue dialogue, int maxTokens)
    {
        int last = dialogue.Tgt.Count - 1;
        EncodedExample whole = EncodeFrom(dialogue, 0);
        if (whole.Ids.Length <= maxTokens)
        {
            return whole;
        }

        EncodedExample? kept = null;
        for (int turn = last; turn > 0; turn--)
        {
            EncodedExample example = EncodeFrom(dialogue, turn);
            if (example.Ids.Length > maxTokens)
            {
                break;
            }

            kept = example;
        }

        return kept ?? CutLastExchange(dialogue, maxTokens);
    }

    private EncodedExample EncodeFrom(Dialogue dialogue, int firstTurn)
    {
        (int[] ids, bool[] mask) = _segments.Encode(_regions.Find(dialogue, firstTurn));
        return new EncodedExample
        {
            Ids = [.. ids, .. _appendedEnd],
            LossMask = [.. mask, .. _appendedEnd.Select(_ => true)],
            DroppedTurns = firstTurn,
            LastTurnCut = false,
            ReplyCut = false,
        };
    }

    /// <summary>The last exchange does not fit alone: user turn and reply may each keep at least half.</summary>
    private EncodedExample CutLastExchange(Dialogue dialogue, int maxTokens)
    {
        RenderedReplies alone = _regions.Find(dialogue, dialogue.Tgt.Count - 1);
        (int start, int end) = alone.Replies[^1];
        string reply = alone.Text[start..end];
        int[] replyIds = [.. _tokenizer.Encode(reply), .. _appendedEnd];
        EncodedPrompt prompt = _fitter.FitBesideReply(dialogue, replyIds.Length, maxTokens);
        int room = maxTokens - prompt.Ids.Length;
        bool isCut = replyIds.Length > room;
        if (isCut)
        {
            string kept = MarkupTruncation.KeepBeginning(reply, beginning => _tokenizer.Encode(beginning).Length <= room);
            replyIds = kept.Length > 0 ? _tokenizer.Encode(kept) : [];
        }

        return EncodedExample.Join(prompt, replyIds, isCut);
    }
}
