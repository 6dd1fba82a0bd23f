namespace Proxima.Text.Patterns;

/// <summary>
/// Goes through the matches of a text in order. A match may be empty, though not right at the end of the one before it.
/// </summary>
internal ref struct MatchCursor
{
    private const int None = -1;

    private readonly TextMatcher _matcher;
    private readonly ReadOnlySpan<char> _text;
    private int _from;
    private int _lastEnd = None;

    public MatchCursor(TextMatcher matcher, ReadOnlySpan<char> text)
    {
        _matcher = matcher;
        _text = text;
    }

    public int Start { get; private set; }

    public int End { get; private set; }

    public bool MoveNext()
    {
        while (_from <= _text.Length && _matcher.Find(_text, _from) is var (start, end))
        {
            if (start == end && end == _lastEnd)
            {
                _from += Pattern.UnitsAt(_text, _from);
                continue;
            }

            (Start, End, _from, _lastEnd) = (start, end, end, end);
            return true;
        }

        return false;
    }
}
