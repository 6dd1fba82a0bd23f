using Proxima.Core;
using Proxima.Data.Dialogues;
using Proxima.Text.Templates;

namespace Proxima.Data.Examples;

/// <summary>
/// Finds the replies in a rendered dialogue: from the template's <c>{% generation %}</c> blocks, else by rendering the
/// dialogue up to each reply, with and without it, and comparing prefixes.
/// </summary>
internal sealed class ReplyRegions
{
    private readonly TemplateFormat _format;
    private readonly EndOfTurn? _endOfTurn;
    private readonly ReplyEnding _ending;

    public ReplyRegions(TemplateFormat format, EndOfTurn? endOfTurn, ReplyEnding ending)
    {
        _format = format;
        _endOfTurn = endOfTurn;
        _ending = ending;
    }

    /// <summary>The exchanges from <paramref name="firstTurn"/> on with all replies that can be told apart, else with the last.</summary>
    /// <exception cref="ProximaException">not even the last reply can be told apart</exception>
    public RenderedReplies Find(Dialogue dialogue, int firstTurn)
    {
        int last = dialogue.Tgt.Count - 1;
        RenderedChat whole = _format.RenderClosed(dialogue, firstTurn, last);
        List<(int Start, int End)>? spans = FromSpans(whole);
        if (spans is not null)
        {
            return Cut(whole.Text, dialogue.TrainsLastReplyOnly ? [spans[^1]] : spans, isWhole: !dialogue.TrainsLastReplyOnly);
        }

        List<(int, int)> regions = [];
        for (int turn = dialogue.TrainsLastReplyOnly ? last : firstTurn; turn <= last; turn++)
        {
            string closed = turn == last ? whole.Text : _format.RenderClosed(dialogue, firstTurn, turn).Text;
            (int Start, int End)? region = FromPrefixes(_format.RenderOpen(dialogue, firstTurn, turn), closed, whole.Text);
            if (region is not null)
            {
                regions.Add(region.Value);
            }
            else if (turn == last)
            {
                throw Refused(dialogue);
            }
        }

        bool isWhole = !dialogue.TrainsLastReplyOnly && regions.Count == last - firstTurn + 1;
        return Cut(whole.Text, isWhole ? regions : [regions[^1]], isWhole);
    }

    /// <summary>Whether the template's <c>{% generation %}</c> blocks end before the end of turn, which is then not learned.</summary>
    public bool SpansLeaveOutTheEnd()
    {
        RenderedChat chat = _format.RenderClosed(new Dialogue { Src = ["ping"], Tgt = ["pong"] }, 0, 0);
        return _endOfTurn is not null
            && FromSpans(chat) is { } spans
            && !chat.Text[spans[^1].Start..spans[^1].End].Contains(_endOfTurn.Text, StringComparison.Ordinal);
    }

    private List<(int Start, int End)>? FromSpans(RenderedChat chat)
    {
        if (chat.GenerationSpans.Count == 0 || !chat.SpansAreExact)
        {
            return null;
        }

        int[] places = Utf16Places(chat.Text, chat.GenerationSpans.Max(span => span.End));
        List<(int Start, int End)> spans = [];
        foreach (GenerationSpan span in chat.GenerationSpans.OrderBy(span => span.Start).ThenByDescending(span => span.End))
        {
            // A block inside another adds nothing.
            bool isInside = spans.Count > 0 && places[span.Start] < spans[^1].End;
            if (!isInside && span.End > span.Start)
            {
                int end = places[span.End];
                spans.Add((places[span.Start], _ending == ReplyEnding.None ? WithoutEnd(chat.Text, places[span.Start], end) : end));
            }
        }

        return spans.Count > 0 ? spans : null;
    }

    /// <summary>The reply between the open and the closed rendering, when the whole text begins with both.</summary>
    private (int Start, int End)? FromPrefixes(string open, string closed, string whole)
    {
        if (!closed.StartsWith(open, StringComparison.Ordinal))
        {
            return null;
        }

        int end = _endOfTurn is null ? closed.Length : closed.LastIndexOf(_endOfTurn.Text, StringComparison.Ordinal) + _endOfTurn.Text.Length;
        end = _endOfTurn is null || end <= open.Length ? closed.Length : end;
        if (string.CompareOrdinal(closed, 0, whole, 0, end) != 0)
        {
            return null;
        }

        return (open.Length, _ending == ReplyEnding.None ? WithoutEnd(whole, open.Length, end) : end);
    }

    private int WithoutEnd(string text, int start, int end)
    {
        int at = _endOfTurn is null ? -1 : text.LastIndexOf(_endOfTurn.Text, end - 1, end - start, StringComparison.Ordinal);
        return at < 0 ? end : at;
    }

    private static RenderedReplies Cut(string text, IReadOnlyList<(int Start, int End)> replies, bool isWhole) =>
        new(text[..replies[^1].End], replies, isWhole);

    private static int[] Utf16Places(string text, int points)
    {
        int[] places = new int[points + 1];
        for (int i = 0, at = 0; i < points; i++)
        {
            at += at + 1 < text.Length && char.IsSurrogatePair(text, at) ? 2 : 1;
            places[i + 1] = at;
        }

        return places;
    }

    private static ProximaException Refused(Dialogue dialogue) => new(
        ExitCode.Data,
        $"{(dialogue.Origin is null ? string.Empty : $"{dialogue.Origin}: ")}the chat template does not tell which words are the reply: it has no "
        + "{% generation %} blocks, and the text with the reply does not begin with the text before it. Expected one of the two; "
        + "put {% generation %} around the reply in the model's chat template.");
}
