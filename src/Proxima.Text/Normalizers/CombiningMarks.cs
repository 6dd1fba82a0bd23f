using System.Globalization;
using System.Text;

namespace Proxima.Text.Normalizers;

/// <summary>
/// Brings long runs of combining marks into canonical order before a text is normalised. The library's own reordering
/// takes time that grows with the square of the run, which a hostile megabyte would turn into minutes.
/// </summary>
internal static class CombiningMarks
{
    private const int LongRun = 32;

    // A mark of the highest and one of the lowest combining class: any mark but those of class 0 swaps with one of them.
    private const string Highest = "\u0345";
    private const string Lowest = "\u0334";

    public static string SortLongRuns(string text, NormalizationForm form)
    {
        StringBuilder? result = null;
        int copied = 0;
        for (int start = 0; start < text.Length;)
        {
            int end = RunEnd(text, start);
            if (end - start >= LongRun)
            {
                result ??= new StringBuilder(text.Length);
                result.Append(text, copied, start - copied);
                AppendSorted(result, text[start..end], form);
                copied = end;
            }

            start = Math.Max(end, start + 1);
        }

        return result is null ? text : result.Append(text, copied, text.Length - copied).ToString();
    }

    private static int RunEnd(string text, int start)
    {
        int at = start;
        while (at < text.Length && Rune.TryGetRuneAt(text, at, out Rune rune) && IsMark(rune))
        {
            at += rune.Utf16SequenceLength;
        }

        return at;
    }

    // The two half-width sound marks are letters that become marks in the compatibility forms.
    private static bool IsMark(Rune rune) =>
        rune.Value >= 0x300
        && (rune.Value is 0xFF9E or 0xFF9F
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark);

    private static void AppendSorted(StringBuilder result, string run, NormalizationForm form)
    {
        NormalizationForm decomposition = form is NormalizationForm.FormC or NormalizationForm.FormD
            ? NormalizationForm.FormD
            : NormalizationForm.FormKD;
        var parts = new Dictionary<Rune, string>();
        var marks = new List<string>();
        foreach (Rune rune in run.EnumerateRunes())
        {
            if (!parts.TryGetValue(rune, out string? part))
            {
                parts[rune] = part = rune.ToString().Normalize(decomposition);
            }

            marks.AddRange(part.EnumerateRunes().Select(r => r.ToString()));
        }

        Dictionary<string, int> ranks = Ranks(marks.Distinct(StringComparer.Ordinal));
        var pending = new List<string>();
        foreach (string mark in marks)
        {
            if (ranks[mark] == 0)
            {
                // A mark of class 0 keeps its place, and nothing moves past it.
                Flush(result, pending, ranks);
                result.Append(mark);
            }
            else
            {
                pending.Add(mark);
            }
        }

        Flush(result, pending, ranks);
    }

    private static void Flush(StringBuilder result, List<string> pending, Dictionary<string, int> ranks)
    {
        // OrderBy is stable, as canonical order asks.
        result.AppendJoin(string.Empty, pending.OrderBy(mark => ranks[mark]));
        pending.Clear();
    }

    /// <summary>Ranks in the order of the combining classes, equal for equal classes, 0 for class 0.</summary>
    private static Dictionary<string, int> Ranks(IEnumerable<string> marks)
    {
        var ranks = new Dictionary<string, int>(StringComparer.Ordinal);
        var movable = new List<string>();
        foreach (string mark in marks)
        {
            ranks[mark] = 0;
            if (Compare(Highest, mark) > 0 || Compare(mark, Lowest) > 0)
            {
                movable.Add(mark);
            }
        }

        movable.Sort(Compare);
        int rank = 1;
        for (int i = 0; i < movable.Count; i++)
        {
            rank += i > 0 && Compare(movable[i], movable[i - 1]) != 0 ? 1 : 0;
            ranks[movable[i]] = rank;
        }

        return ranks;
    }

    /// <summary>Compares the combining classes of two decomposed marks: normalising swaps a pair that is out of order.</summary>
    private static int Compare(string left, string right)
    {
        if (string.Equals(left, right, StringComparison.Ordinal))
        {
            return 0;
        }

        if (Swaps(left, right))
        {
            return 1;
        }

        return Swaps(right, left) ? -1 : 0;
    }

    private static bool Swaps(string first, string second) =>
        string.Equals((first + second).Normalize(NormalizationForm.FormD), second + first, StringComparison.Ordinal);
}
