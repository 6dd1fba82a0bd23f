using System.Runtime.InteropServices;

namespace Proxima.Text.Models;

/// <summary>
/// Remembers the ids of pieces seen before; most words of a text are. A table of fixed size in which a newer piece
/// takes the place of an older one of the same slot. Entries are immutable and set in one write, so threads may share it.
/// </summary>
internal sealed class CachedPieceEncoder(IPieceEncoder model) : IPieceEncoder
{
    private const int SlotBits = 17;
    private const int LongestPiece = 64;

    private readonly Entry?[] _entries = new Entry?[1 << SlotBits];

    public void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (piece.Length > LongestPiece)
        {
            model.Encode(piece, ids);
            return;
        }

        ref Entry? slot = ref _entries[string.GetHashCode(piece) & (_entries.Length - 1)];
        Entry? entry = Volatile.Read(ref slot);
        if (entry is not null && piece.SequenceEqual(entry.Piece))
        {
            ids.AddRange((ReadOnlySpan<int>)entry.Ids); // The overload for spans copies at once.
            return;
        }

        int before = ids.Count;
        model.Encode(piece, ids);
        Volatile.Write(ref slot, new Entry(piece.ToString(), CollectionsMarshal.AsSpan(ids)[before..].ToArray()));
    }

    private sealed record Entry(string Piece, int[] Ids);
}
