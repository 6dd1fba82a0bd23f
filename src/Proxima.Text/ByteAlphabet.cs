using System.Collections.Frozen;
using System.Text;

namespace Proxima.Text;

/// <summary>
/// The printable letters that byte-level vocabularies write bytes with: a byte that is a printable Latin-1 character
/// stands for itself, the others for U+0100 onwards in order. From the GPT-2 tokenizer.
/// </summary>
internal static class ByteAlphabet
{
    private const int MaxStackBytes = 512;

    private static readonly char[] Letters = MakeLetters();

    private static readonly FrozenDictionary<char, byte> Bytes =
        Letters.Select((letter, value) => (letter, value)).ToFrozenDictionary(p => p.letter, p => (byte)p.value);

    /// <summary>Units that the spelling of a text of this length can take at most.</summary>
    public static int MaxSpelling(int units) => Encoding.UTF8.GetMaxByteCount(units);

    /// <summary>Writes the UTF-8 bytes of a text as letters; returns how many.</summary>
    public static int Spell(ReadOnlySpan<char> text, Span<char> letters)
    {
        int count = Encoding.UTF8.GetByteCount(text);
        Span<byte> bytes = count <= MaxStackBytes ? stackalloc byte[MaxStackBytes] : new byte[count];
        count = Encoding.UTF8.GetBytes(text, bytes);
        for (int i = 0; i < count; i++)
        {
            letters[i] = Letters[bytes[i]];
        }

        return count;
    }

    /// <summary>The bytes that a token of letters stands for; false when a character of it is none of the letters.</summary>
    public static bool TryBytes(string token, List<byte> bytes)
    {
        int start = bytes.Count;
        foreach (char c in token)
        {
            if (!Bytes.TryGetValue(c, out byte value))
            {
                bytes.RemoveRange(start, bytes.Count - start);
                return false;
            }

            bytes.Add(value);
        }

        return true;
    }

    private static char[] MakeLetters()
    {
        var letters = new char[256];
        int other = 0;
        for (int value = 0; value < letters.Length; value++)
        {
            bool isPrintable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            letters[value] = isPrintable ? (char)value : (char)(0x100 + other++);
        }

        return letters;
    }
}
