using System.Numerics;

namespace Proxima.Text.Models;

/// <summary>
/// Which pairs of tokens merge, at which rank and into which token. Open addressing: lookups are the hot spot of BPE.
/// </summary>
internal sealed class MergeTable
{
    /// <summary>The rank of a pair that does not merge.</summary>
    public const int NoRank = int.MaxValue;

    private const ulong Vacant = ulong.MaxValue;
    private const int MinimumSlots = 16;

    private readonly ulong[] _pairs;
    private readonly (int Rank, int Merged)[] _results;
    private readonly int _shift;

    /// <param name="capacity">The number of pairs that will be set.</param>
    public MergeTable(int capacity)
    {
        uint slots = BitOperations.RoundUpToPowerOf2((uint)Math.Max(MinimumSlots, capacity * 2L));
        _pairs = new ulong[slots];
        Array.Fill(_pairs, Vacant);
        _results = new (int, int)[slots];
        _shift = 64 - BitOperations.Log2(slots);
    }

    /// <summary>Sets what a pair becomes; a pair set before is overwritten.</summary>
    public void Set(int left, int right, int rank, int merged)
    {
        ulong pair = Pair(left, right);
        int slot = Slot(pair);
        _pairs[slot] = pair;
        _results[slot] = (rank, merged);
    }

    /// <summary>The rank of a pair and the token it becomes; <see cref="NoRank"/> when it does not merge.</summary>
    public (int Rank, int Merged) Get(int left, int right)
    {
        ulong pair = Pair(left, right);
        int slot = Slot(pair);
        return _pairs[slot] == pair ? _results[slot] : (NoRank, 0);
    }

    private static ulong Pair(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    private int Slot(ulong pair)
    {
        // Multiplicative hashing: the high bits of the product depend on all bits of the pair.
        int slot = (int)((pair * 0x9E3779B97F4A7C15UL) >> _shift);
        while (_pairs[slot] != pair && _pairs[slot] != Vacant)
        {
            slot = (slot + 1) & (_pairs.Length - 1);
        }

        return slot;
    }
}
