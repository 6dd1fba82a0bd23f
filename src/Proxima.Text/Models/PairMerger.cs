using System.Buffers;

namespace Proxima.Text.Models;

/// <summary>
/// Merges the symbols of a piece: again and again the pair of lowest rank, leftmost first.
/// Short pieces scan for it; long ones keep a heap, so a megabyte of one letter takes n log n and not n² steps.
/// </summary>
internal static class PairMerger
{
    private const int LongestScanned = 32;

    /// <summary>Merges in place; returns how many symbols are left at the front of the span.</summary>
    public static int Merge(MergeTable merges, Span<int> symbols) => symbols.Length switch
    {
        < 2 => symbols.Length,
        <= LongestScanned => MergeByScan(merges, symbols),
        _ => MergeByHeap(merges, symbols),
    };

    private static int MergeByScan(MergeTable merges, Span<int> symbols)
    {
        // pairs[i] is what symbols i and i + 1 become.
        Span<(int Rank, int Merged)> pairs = stackalloc (int, int)[LongestScanned];
        int count = symbols.Length;
        for (int i = 0; i + 1 < count; i++)
        {
            pairs[i] = merges.Get(symbols[i], symbols[i + 1]);
        }

        while (true)
        {
            int best = -1;
            int bestRank = MergeTable.NoRank;
            for (int i = 0; i + 1 < count; i++)
            {
                if (pairs[i].Rank < bestRank)
                {
                    bestRank = pairs[i].Rank;
                    best = i;
                }
            }

            if (best < 0)
            {
                return count;
            }

            symbols[best] = pairs[best].Merged;
            symbols[(best + 2)..count].CopyTo(symbols[(best + 1)..]);
            pairs[(best + 1)..(count - 1)].CopyTo(pairs[best..]);
            count--;
            if (best > 0)
            {
                pairs[best - 1] = merges.Get(symbols[best - 1], symbols[best]);
            }

            if (best + 1 < count)
            {
                pairs[best] = merges.Get(symbols[best], symbols[best + 1]);
            }
        }
    }

    private static int MergeByHeap(MergeTable merges, Span<int> symbols)
    {
        int count = symbols.Length;
        int[] previous = ArrayPool<int>.Shared.Rent(count);
        int[] next = ArrayPool<int>.Shared.Rent(count);
        (int Rank, int Merged)[] pairs = ArrayPool<(int, int)>.Shared.Rent(count);
        using var heap = new PositionHeap(count);
        for (int i = 0; i < count; i++)
        {
            previous[i] = i - 1;
            next[i] = i + 1;
            pairs[i] = i + 1 < count ? merges.Get(symbols[i], symbols[i + 1]) : (MergeTable.NoRank, 0);
            heap.Push(pairs[i].Rank, i);
        }

        while (heap.TryPop(out int rank, out int at))
        {
            if (pairs[at].Rank != rank)
            {
                continue; // The pair at this place has changed since.
            }

            symbols[at] = pairs[at].Merged;
            int swallowed = next[at];
            int after = next[swallowed];
            pairs[swallowed] = (MergeTable.NoRank, 0);
            next[at] = after;
            pairs[at] = (MergeTable.NoRank, 0);
            if (after < count)
            {
                previous[after] = at;
                pairs[at] = merges.Get(symbols[at], symbols[after]);
                heap.Push(pairs[at].Rank, at);
            }

            int before = previous[at];
            if (before >= 0)
            {
                pairs[before] = merges.Get(symbols[before], symbols[at]);
                heap.Push(pairs[before].Rank, before);
            }
        }

        int kept = 0;
        for (int at = 0; at < count; at = next[at])
        {
            symbols[kept++] = symbols[at];
        }

        ArrayPool<int>.Shared.Return(previous);
        ArrayPool<int>.Shared.Return(next);
        ArrayPool<(int, int)>.Shared.Return(pairs);
        return kept;
    }
}
