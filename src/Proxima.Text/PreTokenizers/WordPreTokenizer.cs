using System.Text;
using Proxima.Text.Patterns;

namespace Proxima.Text.PreTokenizers;

/// <summary>Runs of word characters, and runs of anything else but white space, which is dropped.</summary>
internal sealed class WordPreTokenizer : IPreTokenizer
{
    public void Apply(PieceList pieces) => pieces.Split(Cut);

    private static void Cut(ReadOnlySpan<char> piece, List<PieceRange> parts)
    {
        int start = 0;
        Kind current = Kind.Space;
        for (int at = 0; at < piece.Length;)
        {
            Rune.DecodeFromUtf16(piece[at..], out Rune rune, out int units);
            Kind kind = KindOf(rune);
            if (kind != current)
            {
                Add(current, start, at, parts);
                (start, current) = (at, kind);
            }

            at += units;
        }

        Add(current, start, piece.Length, parts);
    }

    private static void Add(Kind kind, int start, int end, List<PieceRange> parts)
    {
        if (kind != Kind.Space)
        {
            parts.Add(new PieceRange(start, end));
        }
    }

    private static Kind KindOf(Rune rune) => Rune.IsWhiteSpace(rune) ? Kind.Space
        : UnicodeClasses.Word.Contains(rune.Value) ? Kind.Word
        : Kind.Other;

    private enum Kind
    {
        Space,
        Word,
        Other,
    }
}
