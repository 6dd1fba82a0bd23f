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
        int at = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        while (at >= 0 && at < text.Length)
        {
            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
            {
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            }

            int next = text.AsSpan(at + 2).IndexOfAnyInRange('\uD800', '\uDFFF');
            at = next < 0 ? next : at + 2 + next;
        }

        return text;
    }

    /// <summary>Appends a character without a string of its own.</summary>
    public static StringBuilder AppendRune(this StringBuilder text, Rune rune)
    {
        Span<char> units = stackalloc char[2];
        return text.Append(units[..rune.EncodeToUtf16(units)]);
    }
}
