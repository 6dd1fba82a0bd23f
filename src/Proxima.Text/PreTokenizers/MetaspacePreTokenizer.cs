using System.Text;
using Proxima.Text.Patterns;

namespace Proxima.Text.PreTokenizers;

/// <summary>Writes spaces as a visible character, puts one before the text, and cuts before each of them.</summary>
internal sealed class MetaspacePreTokenizer : IPreTokenizer
{
    private readonly char _replacement;
    private readonly PrependScheme _scheme;
    private readonly SplitPreTokenizer? _split;

    private MetaspacePreTokenizer(char replacement, PrependScheme scheme, SplitPreTokenizer? split)
    {
        _replacement = replacement;
        _scheme = scheme;
        _split = split;
    }

    public static MetaspacePreTokenizer Cutting(char replacement, PrependScheme scheme) =>
        new(replacement, scheme, SplitPreTokenizer.At(TextMatcher.Literal(replacement.ToString()), SplitBehavior.MergedWithNext));

    public static MetaspacePreTokenizer Whole(char replacement, PrependScheme scheme) => new(replacement, scheme, null);

    public void Apply(PieceList pieces)
    {
        pieces.Rewrite(Rewrite);
        _split?.Apply(pieces);
    }

    private void Rewrite(ReadOnlySpan<char> piece, bool startsInput, StringBuilder text)
    {
        bool prepends = _scheme == PrependScheme.Always || (_scheme == PrependScheme.First && startsInput);
        if (prepends && piece[0] != ' ' && piece[0] != _replacement)
        {
            text.Append(_replacement);
        }

        int start = text.Length;
        text.Append(piece).Replace(' ', _replacement, start, piece.Length);
    }
}
