using System.Text;
using Proxima.Text.Normalizers;

namespace Proxima.Text.PreTokenizers;

/// <summary>A text and the pieces it is cut into so far; no piece is empty.</summary>
internal sealed class PieceList
{
    private List<PieceRange> _ranges = [];
    private List<PieceRange> _spare = [];
    private bool _startsInput;

    public PieceList(SourceText source)
    {
        Text = source.Text;
        _startsInput = source.StartsInput;
        if (Text.Length > 0)
        {
            _ranges.Add(new PieceRange(0, Text.Length));
        }
    }

    public string Text { get; private set; }

    public IReadOnlyList<PieceRange> Ranges => _ranges;

    /// <summary>
    /// Cuts every piece: <paramref name="cut"/> gets the piece and a list to which it adds ranges within the piece.
    /// </summary>
    public void Split(PieceCutter cut)
    {
        List<PieceRange> next = _spare;
        next.Clear();
        foreach (PieceRange range in _ranges)
        {
            int first = next.Count;
            cut(Text.AsSpan(range.Start, range.End - range.Start), next);
            int kept = first;
            for (int i = first; i < next.Count; i++)
            {
                if (next[i].End > next[i].Start)
                {
                    next[kept++] = new PieceRange(next[i].Start + range.Start, next[i].End + range.Start);
                }
            }

            next.RemoveRange(kept, next.Count - kept);
        }

        (_ranges, _spare) = (next, _ranges);
    }

    /// <summary>Rewrites every piece.</summary>
    public void Rewrite(PieceRewriter rewrite)
    {
        var text = new StringBuilder(Text.Length + _ranges.Count);
        bool startsInput = _startsInput && _ranges.Count > 0 && _ranges[0].Start == 0;
        List<PieceRange> next = _spare;
        next.Clear();
        foreach (PieceRange range in _ranges)
        {
            int start = text.Length;
            rewrite(Text.AsSpan(range.Start, range.End - range.Start), _startsInput && range.Start == 0, text);
            if (text.Length > start)
            {
                next.Add(new PieceRange(start, text.Length));
            }
        }

        Text = text.ToString();
        _startsInput = startsInput;
        (_ranges, _spare) = (next, _ranges);
    }
}

/// <summary>Adds the ranges of a piece's parts, counted from the piece's start.</summary>
internal delegate void PieceCutter(ReadOnlySpan<char> piece, List<PieceRange> parts);

/// <summary>Writes what a piece becomes.</summary>
internal delegate void PieceRewriter(ReadOnlySpan<char> piece, bool startsInput, StringBuilder text);
