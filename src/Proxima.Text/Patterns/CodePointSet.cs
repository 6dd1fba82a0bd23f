namespace Proxima.Text.Patterns;

/// <summary>An immutable set of code points, kept as sorted ranges that neither touch nor overlap.</summary>
internal sealed class CodePointSet
{
    public const int Last = 0x10FFFF;

    private readonly CodePointRange[] _ranges;

    private CodePointSet(CodePointRange[] ranges)
    {
        _ranges = ranges;
    }

    public static CodePointSet Empty { get; } = new([]);

    public static CodePointSet All { get; } = new([new CodePointRange(0, Last)]);

    public IReadOnlyList<CodePointRange> Ranges => _ranges;

    public static CodePointSet Of(params ReadOnlySpan<int> codePoints)
    {
        var ranges = new List<CodePointRange>(codePoints.Length);
        foreach (int codePoint in codePoints)
        {
            ranges.Add(new CodePointRange(codePoint, codePoint));
        }

        return OfRanges(ranges);
    }

    /// <summary>The union of ranges in any order.</summary>
    public static CodePointSet OfRanges(IEnumerable<CodePointRange> ranges)
    {
        var merged = new List<CodePointRange>();
        foreach (CodePointRange range in ranges.OrderBy(r => r.First))
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last + 1)
            {
                merged[^1] = merged[^1] with { Last = Math.Max(merged[^1].Last, range.Last) };
            }
            else
            {
                merged.Add(range);
            }
        }

        return new CodePointSet([.. merged]);
    }

    public CodePointSet Union(CodePointSet other) => OfRanges(_ranges.Concat(other._ranges));

    public CodePointSet Complement()
    {
        var gaps = new List<CodePointRange>(_ranges.Length + 1);
        int next = 0;
        foreach (CodePointRange range in _ranges)
        {
            if (range.First > next)
            {
                gaps.Add(new CodePointRange(next, range.First - 1));
            }

            next = range.Last + 1;
        }

        if (next <= Last)
        {
            gaps.Add(new CodePointRange(next, Last));
        }

        return new CodePointSet([.. gaps]);
    }

    public CodePointSet Intersect(CodePointSet other) => Complement().Union(other.Complement()).Complement();

    public bool Contains(int codePoint)
    {
        int low = 0;
        int high = _ranges.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            if (codePoint < _ranges[middle].First)
            {
                high = middle - 1;
            }
            else if (codePoint > _ranges[middle].Last)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }
}
