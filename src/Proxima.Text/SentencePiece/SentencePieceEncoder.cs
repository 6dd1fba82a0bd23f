using System.Text;
using Proxima.Text.Models;

namespace Proxima.Text.SentencePiece;

/// <summary>Turns the pieces of a normalised text into ids; neighbouring unknown pieces make one, or bytes.</summary>
internal sealed class SentencePieceEncoder(IPieceCutter cutter, PieceTable table, bool fallsBackToBytes) : IPieceEncoder
{
    private const int LongestCharacterBytes = 4;

    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        string text = piece.ToString();
        var found = new List<FoundPiece>();
        cutter.Cut(text, found);
        bool afterUnknown = false;
        foreach (FoundPiece part in found)
        {
            bool isUnknown = part.Id == table.UnknownId;
            if (isUnknown && fallsBackToBytes)
            {
                AddBytes(text.AsSpan(part.Start, part.End - part.Start), ids);
            }
            else if (!(isUnknown && afterUnknown))
            {
                ids.Add(part.Id);
            }

            afterUnknown = isUnknown;
        }
    }

    private void AddBytes(ReadOnlySpan<char> text, List<int> ids)
    {
        Span<byte> bytes = stackalloc byte[LongestCharacterBytes];
        foreach (Rune rune in text.EnumerateRunes())
        {
            foreach (byte value in bytes[..rune.EncodeToUtf8(bytes)])
            {
                ids.Add(table.IdOfByte(value));
            }
        }
    }
}
