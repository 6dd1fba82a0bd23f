using System.Buffers;
using System.Text;

namespace Proxima.Text;

/// <summary>Questions about UTF-8 that the class library does not answer.</summary>
internal static class Utf8Text
{
    private const int LongestUnfinished = 3;

    /// <summary>Whether the bytes end in the beginning of a character that more bytes could finish.</summary>
    public static bool EndsUnfinished(ReadOnlySpan<byte> bytes)
    {
        for (int length = 1; length <= Math.Min(LongestUnfinished, bytes.Length); length++)
        {
            if (Rune.DecodeFromUtf8(bytes[^length..], out _, out _) == OperationStatus.NeedMoreData)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The text with every half of a surrogate pair replaced by U+FFFD; the same string when there is none.</summary>
    public static string WithoutLoneSurrogates(string text)
    {
        int first = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        return first < 0 ? text : string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));
    }
}
