using System.Globalization;

namespace Proxima.Text.Templates.Values;

/// <summary>Classes of characters as Python's string methods know them.</summary>
internal static class CharacterClasses
{
    // Unicode's Other_Lowercase and Other_Uppercase: cased, though no letters of that case.
    private static readonly (int First, int Last)[] OtherLower =
    [
        (0xAA, 0xAA), (0xBA, 0xBA), (0x2B0, 0x2B8), (0x2C0, 0x2C1), (0x2E0, 0x2E4), (0x345, 0x345), (0x37A, 0x37A),
        (0x1D2C, 0x1D6A), (0x1D78, 0x1D78), (0x1D9B, 0x1DBF), (0x2071, 0x2071), (0x207F, 0x207F), (0x2090, 0x209C),
        (0x2170, 0x217F), (0x24D0, 0x24E9), (0x2C7C, 0x2C7D), (0xA69C, 0xA69D), (0xA770, 0xA770), (0xA7F8, 0xA7F9),
        (0xAB5C, 0xAB5F),
    ];

    private static readonly (int First, int Last)[] OtherUpper =
    [
        (0x2160, 0x216F), (0x24B6, 0x24CF), (0x1F130, 0x1F149), (0x1F150, 0x1F169), (0x1F170, 0x1F189),
    ];

    public static bool IsSpace(int point) => point switch
    {
        >= 0x09 and <= 0x0D or >= 0x1C and <= 0x20 or 0x85 or 0xA0 => true,
        0x1680 or >= 0x2000 and <= 0x200A or 0x2028 or 0x2029 or 0x202F or 0x205F or 0x3000 => true,
        _ => false,
    };

    public static bool IsLineBreak(char c) => c is '\n' or '\r' or '\v' or '\f' or '\x1c' or '\x1d' or '\x1e' or '\x85' or '\u2028' or '\u2029';

    public static bool IsAlpha(int point) => CharUnicodeInfo.GetUnicodeCategory(point)
        is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter;

    public static bool IsDecimal(int point) => CharUnicodeInfo.GetDecimalDigitValue(Text(point), 0) >= 0;

    public static bool IsDigit(int point) => CharUnicodeInfo.GetDigitValue(Text(point), 0) >= 0;

    public static bool IsNumeric(int point) =>
        CharUnicodeInfo.GetNumericValue(Text(point), 0) >= 0 || "〇一二三四五六七八九十百千万亿兆零壹贰叁肆伍陆柒捌玖拾佰仟".Contains(Text(point), StringComparison.Ordinal);

    public static bool IsAlphanumeric(int point) => IsAlpha(point) || IsNumeric(point) || IsDigit(point);

    public static bool IsUpper(int point) =>
        CharUnicodeInfo.GetUnicodeCategory(point) == UnicodeCategory.UppercaseLetter || IsIn(OtherUpper, point);

    public static bool IsLower(int point) =>
        CharUnicodeInfo.GetUnicodeCategory(point) == UnicodeCategory.LowercaseLetter || IsIn(OtherLower, point);

    public static bool IsTitle(int point) => CharUnicodeInfo.GetUnicodeCategory(point) == UnicodeCategory.TitlecaseLetter;

    public static bool IsCased(int point) => IsUpper(point) || IsLower(point) || IsTitle(point);

    /// <summary>Characters that final-sigma rules look through.</summary>
    public static bool IsCaseIgnorable(int point) => CharUnicodeInfo.GetUnicodeCategory(point)
            is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol
        || point is '\'' or '.' or ':' or 0xB7 or 0x387 or 0x55F or 0x5F4 or 0x2018 or 0x2019 or 0x2024 or 0x2027
            or 0xFE13 or 0xFE52 or 0xFE55 or 0xFF07 or 0xFF0E or 0xFF1A;

    /// <summary>Characters that <c>repr</c> shows as they are.</summary>
    public static bool IsPrintable(int point) => point == ' ' || CharUnicodeInfo.GetUnicodeCategory(point)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.SpaceSeparator);

    /// <summary>Characters of words, as <c>\w</c> has them.</summary>
    public static bool IsWord(int point) => point == '_' || IsAlphanumeric(point);

    private static string Text(int point) => point is >= 0xD800 and <= 0xDFFF ? "\uFFFF" : char.ConvertFromUtf32(point);

    private static bool IsIn((int First, int Last)[] ranges, int point) =>
        Array.Exists(ranges, range => range.First <= point && point <= range.Last);
}
