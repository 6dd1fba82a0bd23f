using System.Text.Json.Serialization;

namespace Proxima.Training.Optimization;

/// <summary>Some of the numbers of a flat buffer, one after the other.</summary>
/// <param name="Start">the first</param>
/// <param name="Count">how many</param>
public readonly record struct FlatRange(long Start, long Count)
{
    private const long Grain = 1024; // numbers; float32 ones fill a page of memory

    /// <summary>The number after the last.</summary>
    [JsonIgnore]
    public long End => Start + Count;

    /// <summary>Divides a buffer into parts of the same size, a multiple of a memory page; the last ones may be shorter or empty.</summary>
    /// <param name="count">numbers of the buffer</param>
    /// <param name="parts">how many</param>
    public static FlatRange[] Divide(long count, int parts)
    {
        long size = (((count + parts - 1) / parts) + Grain - 1) / Grain * Grain;
        return [.. Enumerable.Range(0, parts).Select(part =>
        {
            long start = Math.Min(count, part * size);
            return new FlatRange(start, Math.Min(size, count - start));
        })];
    }

    /// <summary>Cuts a buffer into pieces of a size; the last may be shorter.</summary>
    /// <param name="count">numbers of the buffer</param>
    /// <param name="size">numbers of a piece</param>
    public static IEnumerable<FlatRange> Blocks(long count, long size)
    {
        for (long start = 0; start < count; start += size)
        {
            yield return new FlatRange(start, Math.Min(size, count - start));
        }
    }

    /// <summary>What two ranges have in common; empty when nothing.</summary>
    public FlatRange Overlap(FlatRange other)
    {
        long start = Math.Max(Start, other.Start);
        return new FlatRange(start, Math.Max(0, Math.Min(End, other.End) - start));
    }

    /// <summary>The numbers of a buffer that lie in none of some ranges.</summary>
    /// <param name="count">numbers of the buffer</param>
    /// <param name="ranges">ascending, without overlap</param>
    public static IReadOnlyList<FlatRange> Rest(long count, IReadOnlyList<FlatRange> ranges)
    {
        List<FlatRange> rest = [];
        long start = 0;
        foreach (FlatRange range in ranges.Append(new FlatRange(count, 0)))
        {
            if (range.Start > start)
            {
                rest.Add(new FlatRange(start, range.Start - start));
            }

            start = range.End;
        }

        return rest;
    }
}
