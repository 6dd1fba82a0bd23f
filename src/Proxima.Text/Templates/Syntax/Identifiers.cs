using System.Globalization;
using System.Text;

namespace Proxima.Text.Templates.Syntax;

/// <summary>What may be a name.</summary>
internal static class Identifiers
{
    public static bool IsStart(Rune rune) => rune.Value == '_' || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber;

    public static bool IsPart(Rune rune) => IsStart(rune) || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber
        or UnicodeCategory.ConnectorPunctuation;

    public static bool IsValid(string text)
    {
        bool isFirst = true;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (isFirst ? !IsStart(rune) : !IsPart(rune))
            {
                return false;
            }

            isFirst = false;
        }

        return !isFirst;
    }

    /// <summary>The length of the name that begins at an index, in UTF-16 units; 0 when none does.</summary>
    public static int LengthAt(string text, int index)
    {
        int at = index;
        while (at < text.Length
            && Rune.TryGetRuneAt(text, at, out Rune rune)
            && (at == index ? IsStart(rune) : IsPart(rune)))
        {
            at += rune.Utf16SequenceLength;
        }

        return at - index;
    }
}
