using System.Runtime.InteropServices;

namespace Proxima.Text.Patterns;

/// <summary>
/// Groups the code points that a pattern cannot tell apart: two of one class are in the same ones of its sets.
/// </summary>
internal sealed class CharacterClassMap
{
    private const int PageBits = 8;
    private const int PageSize = 1 << PageBits;

    private readonly ushort[] _pageOffsets = new ushort[(CodePointSet.Last + 1) >> PageBits];
    private readonly ushort[] _classes;

    public CharacterClassMap(IReadOnlyList<CodePointSet> sets)
    {
        var representatives = new List<int>();
        ushort[] classOfInterval = Classify(sets, out int[] starts, representatives);
        Representatives = representatives;
        _classes = MakePages(starts, classOfInterval);
    }

    /// <summary>One code point of each class.</summary>
    public IReadOnlyList<int> Representatives { get; }

    public int Count => Representatives.Count;

    /// <summary>The class of a code point of at most 0x10FFFF.</summary>
    public int this[int codePoint] =>
        _classes[(_pageOffsets[codePoint >> PageBits] << PageBits) | (codePoint & (PageSize - 1))];

    private static ushort[] Classify(IReadOnlyList<CodePointSet> sets, out int[] starts, List<int> representatives)
    {
        var boundaries = new SortedSet<int> { 0 };
        foreach (CodePointRange range in sets.SelectMany(set => set.Ranges))
        {
            boundaries.Add(range.First);
            boundaries.Add(range.Last + 1);
        }

        boundaries.Remove(CodePointSet.Last + 1);
        starts = [.. boundaries];

        var known = new Dictionary<string, ushort>(StringComparer.Ordinal);
        var classes = new ushort[starts.Length];
        for (int i = 0; i < starts.Length; i++)
        {
            int codePoint = starts[i];
            string signature = string.Create(sets.Count, (sets, codePoint), static (bits, state) =>
            {
                for (int s = 0; s < bits.Length; s++)
                {
                    bits[s] = state.sets[s].Contains(state.codePoint) ? '1' : '0';
                }
            });
            if (!known.TryGetValue(signature, out ushort id))
            {
                id = checked((ushort)representatives.Count);
                known.Add(signature, id);
                representatives.Add(codePoint);
            }

            classes[i] = id;
        }

        return classes;
    }

    private ushort[] MakePages(int[] starts, ushort[] classOfInterval)
    {
        var known = new Dictionary<string, ushort>(StringComparer.Ordinal);
        var pages = new List<ushort>();
        var page = new ushort[PageSize];
        int interval = 0;
        for (int codePoint = 0; codePoint <= CodePointSet.Last; codePoint++)
        {
            if (interval + 1 < starts.Length && starts[interval + 1] == codePoint)
            {
                interval++;
            }

            page[codePoint & (PageSize - 1)] = classOfInterval[interval];
            if ((codePoint & (PageSize - 1)) == PageSize - 1)
            {
                string content = new(MemoryMarshal.Cast<ushort, char>(page));
                if (!known.TryGetValue(content, out ushort offset))
                {
                    offset = (ushort)known.Count;
                    known.Add(content, offset);
                    pages.AddRange(page);
                }

                _pageOffsets[codePoint >> PageBits] = offset;
            }
        }

        return [.. pages];
    }
}
