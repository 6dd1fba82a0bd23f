using System.Text;
using Proxima.Text.Templates.Runtime;

namespace Proxima.Text.Templates.Values;

/// <summary>Strings as sequences of code points, as Python sees them; half a surrogate pair counts as one.</summary>
internal static class CodePoints
{
    /// <summary>Number of code points.</summary>
    public static int Length(ReadOnlySpan<char> text)
    {
        Meter.Step(text.Length >> 5);
        int pairs = 0;
        for (int i = text.IndexOfAnyInRange('\uD800', '\uDBFF'); i >= 0 && i + 1 < text.Length;)
        {
            pairs += char.IsLowSurrogate(text[i + 1]) ? 1 : 0;
            int next = text[(i + 1)..].IndexOfAnyInRange('\uD800', '\uDBFF');
            i = next < 0 ? -1 : i + 1 + next;
        }

        return text.Length - pairs;
    }

    /// <summary>The code point that begins at a UTF-16 index.</summary>
    public static int At(string text, int index) =>
        index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1])
            ? char.ConvertToUtf32(text[index], text[index + 1])
            : text[index];

    /// <summary>The code points of a text.</summary>
    public static int[] ToArray(string text)
    {
        int[] points = new int[Length(text)];
        Meter.Allocate(points.Length);
        Meter.Step(points.Length >> 3);
        for (int i = 0, at = 0; at < points.Length; at++)
        {
            points[at] = At(text, i);
            i += points[at] > char.MaxValue ? 2 : 1;
        }

        return points;
    }

    public static string ToText(ReadOnlySpan<int> points)
    {
        StringBuilder text = new(points.Length);
        foreach (int point in points)
        {
            Append(text, point);
        }

        return text.ToString();
    }

    public static void Append(StringBuilder text, int point)
    {
        if (point <= char.MaxValue)
        {
            text.Append((char)point);
        }
        else
        {
            text.Append(char.ConvertFromUtf32(point));
        }
    }

    /// <summary>One string a code point.</summary>
    public static IEnumerable<object?> Characters(string text)
    {
        for (int i = 0; i < text.Length;)
        {
            int length = At(text, i) > char.MaxValue ? 2 : 1;
            yield return text.Substring(i, length);
            i += length;
        }
    }

    /// <summary>The UTF-16 index of a code point; the length of the text when it is behind the end.</summary>
    public static int IndexOf(string text, int point)
    {
        if (Length(text) == text.Length)
        {
            return Math.Min(point, text.Length);
        }

        int index = 0;
        for (int i = 0; i < point && index < text.Length; i++)
        {
            index += At(text, index) > char.MaxValue ? 2 : 1;
        }

        return index;
    }
}
