using System.Globalization;
using System.Text;
using Proxima.Text.Patterns;

namespace Proxima.Text;

/// <summary>Kinds of characters as the official tokenizer library sorts them; it knows punctuation by an older Unicode.</summary>
internal static class CharacterKinds
{
    /// <summary>Punctuation that Unicode gained, or reclassified, after the library's table (version 8) was made.</summary>
    private static readonly CodePointSet NewerPunctuation = CodePointSet.OfRanges(
        [
            new(0x61D, 0x61D), new(0x9FD, 0x9FD), new(0xA76, 0xA76), new(0xC77, 0xC77), new(0xC84, 0xC84),
            new(0x1B4E, 0x1B4F), new(0x1B7D, 0x1B7F), new(0x2E43, 0x2E4F), new(0x2E52, 0x2E5D), new(0x10D6E, 0x10D6E),
            new(0x10EAD, 0x10EAD), new(0x10F55, 0x10F59), new(0x10F86, 0x10F89), new(0x113D4, 0x113D8),
            new(0x1144B, 0x1145D), new(0x11660, 0x1166C), new(0x116B9, 0x116B9), new(0x1183B, 0x1183B),
            new(0x11944, 0x11946), new(0x119E2, 0x119E2), new(0x11A3F, 0x11A46), new(0x11A9A, 0x11AA2),
            new(0x11B00, 0x11B09), new(0x11BE1, 0x11BE1), new(0x11C41, 0x11C45), new(0x11C70, 0x11C71),
            new(0x11EF7, 0x11EF8), new(0x11F43, 0x11F4F), new(0x11FFF, 0x11FFF), new(0x12FF1, 0x12FF2),
            new(0x16D6D, 0x16D6F), new(0x16E97, 0x16E9A), new(0x16FE2, 0x16FE2), new(0x1E5FF, 0x1E5FF),
            new(0x1E95E, 0x1E95F),
        ]);

    /// <summary>Decimal digits, letters that are numbers (Ⅳ) and others such as ½.</summary>
    public static bool IsNumeric(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    /// <summary>Punctuation of all scripts, and the ASCII symbols such as $ and + with it.</summary>
    public static bool IsPunctuation(Rune rune)
    {
        if (rune.IsAscii)
        {
            return char.IsPunctuation((char)rune.Value) || char.IsSymbol((char)rune.Value);
        }

        // Two characters were punctuation then and are something else now.
        return rune.Value is 0x166D or 0x111C9
            || (Rune.IsPunctuation(rune) && !NewerPunctuation.Contains(rune.Value));
    }

    public static bool IsNonSpacingMark(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark;

    public static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
