using System.Buffers;
using System.Text;

namespace Proxima.Text.PreTokenizers;

/// <summary>Cuts pieces at every character of a kind; each such character is a match of its own.</summary>
internal sealed class CharacterSplitPreTokenizer(Func<Rune, bool> isDelimiter, SplitBehavior behavior) : IPreTokenizer
{
    public void Apply(PieceList pieces) => pieces.Split(Cut);

    private void Cut(ReadOnlySpan<char> piece, List<PieceRange> parts)
    {
        var splitter = new Splitter(behavior, parts);
        int done = 0;
        for (int at = 0; at < piece.Length;)
        {
            OperationStatus status = Rune.DecodeFromUtf16(piece[at..], out Rune rune, out int units);
            if (status == OperationStatus.Done && isDelimiter(rune))
            {
                if (at > done)
                {
                    splitter.Add(done, at, StretchKind.Gap);
                }

                splitter.Add(at, at + units, StretchKind.Match);
                done = at + units;
            }

            at += units;
        }

        if (done < piece.Length)
        {
            splitter.Add(done, piece.Length, StretchKind.Gap);
        }
    }
}
