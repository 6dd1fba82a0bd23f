using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Proxima.Text.Decoders;

namespace Proxima.Text.SentencePiece;

/// <summary>
/// Pieces to text: U+2581 becomes a space, the one at the start goes, an unknown piece becomes a visible mark, and byte
/// pieces become the characters that they spell, U+FFFD for each byte that spells none.
/// </summary>
internal sealed class SentencePieceSink(SentencePieceFile file, PieceTable table, ITokenSink next) : ITokenSink
{
    private const char VisibleSpace = '\u2581';
    private const string Broken = "\uFFFD";

    private readonly List<byte> _bytes = [];
    private bool _atStart = true;
    private bool _tookStartSpace;
    private bool _hasText;

    public void Push(string token)
    {
        PieceType? type = table.IdOf(token) is int id ? table.Of(id)?.Type : null;
        if (type == PieceType.Byte && ByteToken.TryParse(token, out byte value))
        {
            _bytes.Add(value);
            LetOutBytes(EndOfBytes.Open);
            return;
        }

        LetOutBytes(EndOfBytes.Reached);
        _atStart &= !_tookStartSpace && !_hasText;
        _tookStartSpace = false;
        switch (type)
        {
            case PieceType.Unknown:
                LetOut(file.UnknownSurface);
                break;
            case PieceType.Normal or PieceType.UserDefined or PieceType.Unused:
                LetOut(WithoutStartSpace(token).Replace(VisibleSpace, ' '));
                break;
            default:
                LetOut(token); // A control piece or an added token that is to be seen.
                break;
        }
    }

    public void Finish()
    {
        LetOutBytes(EndOfBytes.Reached);
        next.Finish();
    }

    private string WithoutStartSpace(string token)
    {
        bool drops = _atStart && (file.AddsDummyPrefix || file.RemovesExtraSpaces) && token.StartsWith(VisibleSpace);
        _tookStartSpace = drops && !file.RemovesExtraSpaces;
        return drops ? token[1..] : token;
    }

    /// <summary>Lets out every character whose bytes are certain.</summary>
    private void LetOutBytes(EndOfBytes end)
    {
        ReadOnlySpan<byte> bytes = CollectionsMarshal.AsSpan(_bytes);
        int used = 0;
        while (used < bytes.Length)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes[used..], out Rune rune, out int length);
            if (status == OperationStatus.NeedMoreData && end == EndOfBytes.Open)
            {
                break;
            }

            LetOut(status == OperationStatus.Done ? rune.ToString() : Broken);
            used += status == OperationStatus.Done ? length : 1;
        }

        _bytes.RemoveRange(0, used);
    }

    private void LetOut(string text)
    {
        _hasText |= text.Length > 0;
        next.Push(text);
    }

    private enum EndOfBytes
    {
        Open,
        Reached,
    }
}
