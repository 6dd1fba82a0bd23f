using Proxima.Text.Patterns;

namespace Proxima.Text.PreTokenizers;

/// <summary>Cuts pieces at the matches of a pattern, or between them when inverted.</summary>
internal sealed class SplitPreTokenizer : IPreTokenizer
{
    private readonly TextMatcher _matcher;
    private readonly SplitBehavior _behavior;
    private readonly StretchKind _matches;
    private readonly StretchKind _gaps;

    private SplitPreTokenizer(TextMatcher matcher, SplitBehavior behavior, StretchKind matches, StretchKind gaps)
    {
        _matcher = matcher;
        _behavior = behavior;
        _matches = matches;
        _gaps = gaps;
    }

    public static SplitPreTokenizer At(TextMatcher matcher, SplitBehavior behavior) =>
        new(matcher, behavior, StretchKind.Match, StretchKind.Gap);

    /// <summary>Takes what lies between the matches as the delimiters.</summary>
    public static SplitPreTokenizer Between(TextMatcher matcher, SplitBehavior behavior) =>
        new(matcher, behavior, StretchKind.Gap, StretchKind.Match);

    public void Apply(PieceList pieces) => pieces.Split(Cut);

    private void Cut(ReadOnlySpan<char> piece, List<PieceRange> parts)
    {
        var splitter = new Splitter(_behavior, parts);
        int done = 0;
        MatchCursor matches = _matcher.Matches(piece);
        while (matches.MoveNext())
        {
            if (matches.Start > done)
            {
                splitter.Add(done, matches.Start, _gaps);
            }

            splitter.Add(matches.Start, matches.End, _matches);
            done = matches.End;
        }

        if (done < piece.Length)
        {
            splitter.Add(done, piece.Length, _gaps);
        }
    }
}
