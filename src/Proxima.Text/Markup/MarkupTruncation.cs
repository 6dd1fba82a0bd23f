namespace Proxima.Text.Markup;

/// <summary>Shortens a text at places where it may be cut (<see cref="MarkupTags.CutPoints"/>).</summary>
public static class MarkupTruncation
{
    /// <summary>The longest end of a text that fits; "" when not even its last atom does.</summary>
    /// <param name="text">the text</param>
    /// <param name="fits">whether a piece fits; expected to hold for the shorter piece when it holds for the longer one</param>
    public static string KeepEnd(string text, Func<string, bool> fits)
    {
        IReadOnlyList<int> points = MarkupTags.CutPoints(text);
        int kept = LargestFit(points.Count - 1, atoms => fits(text[points[^(atoms + 1)]..]));
        return text[points[^(kept + 1)]..];
    }

    /// <summary>The longest beginning of a text that fits; "" when not even its first atom does.</summary>
    /// <param name="text">the text</param>
    /// <param name="fits">whether a piece fits; expected to hold for the shorter piece when it holds for the longer one</param>
    public static string KeepBeginning(string text, Func<string, bool> fits)
    {
        IReadOnlyList<int> points = MarkupTags.CutPoints(text);
        int kept = LargestFit(points.Count - 1, atoms => fits(text[..points[atoms]]));
        return text[..points[kept]];
    }

    /// <summary>
    /// The number of atoms in [0, <paramref name="count"/>] at which fitting ends. Doubling first, then halving: the work
    /// grows with what fits, not with the text. What is returned was seen to fit, or is 0.
    /// </summary>
    private static int LargestFit(int count, Func<int, bool> fits)
    {
        int low = 0;
        int high = 1;
        while (high <= count && fits(high))
        {
            low = high;
            high = 2 * high;
        }

        high = Math.Min(high, count + 1);
        while (high - low > 1)
        {
            int middle = low + ((high - low) / 2);
            if (fits(middle))
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
