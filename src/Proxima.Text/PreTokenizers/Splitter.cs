namespace Proxima.Text.PreTokenizers;

/// <summary>Puts the matched and the unmatched stretches of a piece together as a <see cref="SplitBehavior"/> says.</summary>
internal sealed class Splitter
{
    private readonly SplitBehavior _behavior;
    private readonly List<PieceRange> _parts;
    private bool _lastMatched;
    private bool _any;

    public Splitter(SplitBehavior behavior, List<PieceRange> parts)
    {
        _behavior = behavior;
        _parts = parts;
    }

    /// <summary>Takes the next stretch; stretches come in order and cover the piece.</summary>
    public void Add(int start, int end, StretchKind kind)
    {
        bool matched = kind == StretchKind.Match;
        bool joins = _any && _behavior switch
        {
            SplitBehavior.Contiguous => matched == _lastMatched,
            SplitBehavior.MergedWithPrevious => matched && !_lastMatched,
            SplitBehavior.MergedWithNext => !matched && _lastMatched,
            _ => false,
        };

        if (joins)
        {
            _parts[^1] = _parts[^1] with { End = end };
        }
        else if (!matched || _behavior != SplitBehavior.Removed)
        {
            _parts.Add(new PieceRange(start, end));
        }

        _any = true;
        _lastMatched = matched;
    }
}
