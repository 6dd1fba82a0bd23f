using System.Globalization;
using System.Text;
using Proxima.Text.Patterns;

namespace Proxima.Text;

/// <summary>Kinds of characters as the official tokenizer library sorts them; its tables are of older Unicode versions.</summary>
internal static class CharacterKinds
{
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
            || (Rune.IsPunctuation(rune) && !UnicodeHistory.NewerPunctuation.Contains(rune.Value));
    }

    /// <summary>What BERT strips as accents; two vowel signs were such marks then.</summary>
    public static bool IsBertAccent(Rune rune) => rune.Value is 0x1734 or 0x1171E
        || (Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark
            && !UnicodeHistory.MarksAfterVersion8.Contains(rune.Value));

    /// <summary>Marks of all kinds; two letters were marks then.</summary>
    public static bool IsMark(Rune rune) => rune.Value is 0x1CF2 or 0x1CF3
        || (Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
            && !UnicodeHistory.MarksAfterVersion9.Contains(rune.Value));

    /// <summary>Control, format and private-use characters but the tab and the line ends.</summary>
    public static bool IsControl(Rune rune) => rune.Value is not ('\t' or '\n' or '\r')
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
        && !UnicodeHistory.NewerFormats.Contains(rune.Value);
}
