using System.Buffers;

namespace Proxima.Text.Models;

/// <summary>Hands pieces to a model whose vocabulary is written with the byte alphabet.</summary>
internal sealed class BytePieceEncoder(IPieceEncoder model) : IPieceEncoder
{
    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        char[] letters = ArrayPool<char>.Shared.Rent(ByteAlphabet.MaxSpelling(piece.Length));
        int count = ByteAlphabet.Spell(piece, letters);
        model.Encode(letters.AsSpan(0, count), ids);
        ArrayPool<char>.Shared.Return(letters);
    }
}
