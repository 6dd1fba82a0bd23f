using System.Text;
using Proxima.Text.Templates.Runtime;

namespace Proxima.Text.Templates.Values;

/// <summary>Upper, lower and title case with the full Unicode mappings.</summary>
internal static class CaseMapping
{
    private const int Sigma = 0x3A3;
    private const int FinalSigma = 0x3C2;
    private const int DottedCapitalI = 0x130;

    public static string Upper(string text) => Map(text, (output, points, i) => AppendUpper(output, points[i]));

    public static string Lower(string text) => Map(text, AppendLower);

    /// <summary>Upper case at the beginning of every word, a word being a run of cased characters.</summary>
    public static string Title(string text)
    {
        bool afterCased = false;
        return Map(text, (output, points, i) =>
        {
            if (afterCased)
            {
                AppendLower(output, points, i);
            }
            else
            {
                AppendTitle(output, points[i]);
            }

            afterCased = CharacterClasses.IsCased(points[i]);
        });
    }

    /// <summary>The first character in title case, the others in lower case.</summary>
    public static string Capitalize(string text) => Map(text, (output, points, i) =>
    {
        if (i == 0)
        {
            AppendTitle(output, points[i]);
        }
        else
        {
            AppendLower(output, points, i);
        }
    });

    public static string Swap(string text) => Map(text, (output, points, i) =>
    {
        if (CharacterClasses.IsUpper(points[i]))
        {
            AppendLower(output, points, i);
        }
        else if (CharacterClasses.IsLower(points[i]))
        {
            AppendUpper(output, points[i]);
        }
        else
        {
            CodePoints.Append(output, points[i]);
        }
    });

    /// <summary>For comparisons without case.</summary>
    public static string Fold(string text) => Map(text, (output, points, i) =>
    {
        int point = points[i];
        if (point is 0x131 or (>= 0x13A0 and <= 0x13F5))
        {
            CodePoints.Append(output, point);
        }
        else if (point is (>= 0xAB70 and <= 0xABBF) or (>= 0x13F8 and <= 0x13FD))
        {
            // Cherokee folds to its older, upper-case letters.
            AppendUpper(output, point);
        }
        else
        {
            StringBuilder upper = new();
            AppendUpper(upper, point);
            foreach (Rune rune in upper.ToString().EnumerateRunes())
            {
                output.Append(rune.Value == DottedCapitalI ? "i\u0307" : Rune.ToLowerInvariant(rune).ToString());
            }
        }
    });

    private static string Map(string text, Action<StringBuilder, int[], int> append)
    {
        int[] points = CodePoints.ToArray(text);
        StringBuilder output = new(text.Length);
        Meter.Step(points.Length >> 2);
        for (int i = 0; i < points.Length; i++)
        {
            append(output, points, i);
        }

        Meter.Allocate(output.Length);
        return output.ToString();
    }

    private static void AppendUpper(StringBuilder output, int point)
    {
        if (CaseTables.Upper.TryGetValue(point, out string? special))
        {
            output.Append(special);
        }
        else
        {
            CodePoints.Append(output, Rune.IsValid(point) ? Rune.ToUpperInvariant(new Rune(point)).Value : point);
        }
    }

    private static void AppendTitle(StringBuilder output, int point)
    {
        if (CaseTables.Title.TryGetValue(point, out string? special))
        {
            output.Append(special);
        }
        else if (point is >= 0x10D0 and <= 0x10FF)
        {
            // Georgian has an upper case but no title case.
            CodePoints.Append(output, point);
        }
        else
        {
            AppendUpper(output, point);
        }
    }

    private static void AppendLower(StringBuilder output, int[] points, int i)
    {
        if (points[i] == DottedCapitalI)
        {
            output.Append("i\u0307");
        }
        else if (points[i] == Sigma && IsFinal(points, i))
        {
            CodePoints.Append(output, FinalSigma);
        }
        else
        {
            CodePoints.Append(output, Rune.IsValid(points[i]) ? Rune.ToLowerInvariant(new Rune(points[i])).Value : points[i]);
        }
    }

    /// <summary>A sigma is final behind a cased letter and before none, ignoring marks between.</summary>
    private static bool IsFinal(int[] points, int at)
    {
        int before = at - 1;
        while (before >= 0 && CharacterClasses.IsCaseIgnorable(points[before]))
        {
            before--;
            Meter.Step();
        }

        if (before < 0 || !CharacterClasses.IsCased(points[before]))
        {
            return false;
        }

        int after = at + 1;
        while (after < points.Length && CharacterClasses.IsCaseIgnorable(points[after]))
        {
            after++;
            Meter.Step();
        }

        return after == points.Length || !CharacterClasses.IsCased(points[after]);
    }
}
