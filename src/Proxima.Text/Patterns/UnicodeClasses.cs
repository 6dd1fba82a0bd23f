using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Proxima.Text.Patterns;

/// <summary>The character classes that patterns name, over all of Unicode and not only its first plane.</summary>
internal static class UnicodeClasses
{
    private static readonly Lazy<FrozenDictionary<string, CodePointSet>> Categories = new(MakeCategories);

    private static readonly Lazy<CodePointSet> WordSet = new(() => MakeWord().Union(CodePointSet.Of(0x200C, 0x200D)));

    private static readonly Lazy<CodePointSet> PatternWordSet =
        new(() => MakeWord().Union(CodePointSet.Of(0xB2, 0xB3, 0xB9, 0xBC, 0xBD, 0xBE)));

    /// <summary>White_Space: what \s means, U+0085 and U+2028 among it.</summary>
    public static CodePointSet Space { get; } = CodePointSet.OfRanges(
        [
            new(0x09, 0x0D), new(0x20, 0x20), new(0x85, 0x85), new(0xA0, 0xA0), new(0x1680, 0x1680), new(0x2000, 0x200A),
            new(0x2028, 0x2029), new(0x202F, 0x202F), new(0x205F, 0x205F), new(0x3000, 0x3000),
        ]);

    /// <summary>Decimal digits of every script: what \d means.</summary>
    public static CodePointSet Digit => Categories.Value["Nd"];

    /// <summary>What \w means in a pattern: the engine counts the numbers of Latin-1 (², ½) among the word characters.</summary>
    public static CodePointSet PatternWord => PatternWordSet.Value;

    /// <summary>Alphabetic characters, marks, decimal digits, connectors and joiners: what Unicode calls a word character.</summary>
    public static CodePointSet Word => WordSet.Value;

    /// <summary>The set of a general category such as "L" or "Nd"; null when there is none of that name.</summary>
    public static CodePointSet? Category(string name) => Categories.Value.GetValueOrDefault(name);

    /// <summary>A character with those that differ from it in case only.</summary>
    public static CodePointSet CaseVariants(int codePoint)
    {
        if (!Rune.IsValid(codePoint))
        {
            return CodePointSet.Of(codePoint);
        }

        var rune = new Rune(codePoint);
        int lower = Rune.ToLowerInvariant(rune).Value;
        int upper = Rune.ToUpperInvariant(rune).Value;
        CodePointSet variants = CodePointSet.Of(codePoint, lower, upper);

        // Three letters have a third form that no simple mapping back reaches: long s, the Kelvin and the angstrom sign.
        int third = lower switch
        {
            's' or 0x17F => 0x17F,
            'k' => 0x212A,
            0xE5 => 0x212B,
            _ => lower,
        };
        return third == 0x17F ? CodePointSet.Of('s', 'S', 0x17F) : variants.Union(CodePointSet.Of(third));
    }

    private static FrozenDictionary<string, CodePointSet> MakeCategories()
    {
        var ranges = new Dictionary<string, List<CodePointRange>>(StringComparer.Ordinal);
        int start = 0;
        UnicodeCategory current = CharUnicodeInfo.GetUnicodeCategory(0);
        for (int codePoint = 1; codePoint <= CodePointSet.Last + 1; codePoint++)
        {
            UnicodeCategory? category =
                codePoint > CodePointSet.Last ? null : CharUnicodeInfo.GetUnicodeCategory(codePoint);
            if (category == current)
            {
                continue;
            }

            string name = ShortName(current);
            var range = new CodePointRange(start, codePoint - 1);
            Append(ranges, name, range);
            Append(ranges, name[..1], range);
            start = codePoint;
            current = category ?? current;
        }

        return ranges.ToFrozenDictionary(p => p.Key, p => CodePointSet.OfRanges(p.Value), StringComparer.Ordinal);
    }

    private static void Append(Dictionary<string, List<CodePointRange>> ranges, string name, CodePointRange range)
    {
        if (!ranges.TryGetValue(name, out List<CodePointRange>? list))
        {
            ranges[name] = list = [];
        }

        list.Add(range);
    }

    private static CodePointSet MakeWord()
    {
        CodePointSet word = CodePointSet.Empty;
        foreach (string name in (ReadOnlySpan<string>)["L", "M", "Nd", "Nl", "Pc"])
        {
            word = word.Union(Categories.Value[name]);
        }

        // Circled and squared letters are symbols by category and yet alphabetic.
        return word.Union(CodePointSet.OfRanges(
            [new(0x24B6, 0x24E9), new(0x1F130, 0x1F149), new(0x1F150, 0x1F169), new(0x1F170, 0x1F189)]));
    }

    private static string ShortName(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter => "Lu",
        UnicodeCategory.LowercaseLetter => "Ll",
        UnicodeCategory.TitlecaseLetter => "Lt",
        UnicodeCategory.ModifierLetter => "Lm",
        UnicodeCategory.OtherLetter => "Lo",
        UnicodeCategory.NonSpacingMark => "Mn",
        UnicodeCategory.SpacingCombiningMark => "Mc",
        UnicodeCategory.EnclosingMark => "Me",
        UnicodeCategory.DecimalDigitNumber => "Nd",
        UnicodeCategory.LetterNumber => "Nl",
        UnicodeCategory.OtherNumber => "No",
        UnicodeCategory.SpaceSeparator => "Zs",
        UnicodeCategory.LineSeparator => "Zl",
        UnicodeCategory.ParagraphSeparator => "Zp",
        UnicodeCategory.Control => "Cc",
        UnicodeCategory.Format => "Cf",
        UnicodeCategory.Surrogate => "Cs",
        UnicodeCategory.PrivateUse => "Co",
        UnicodeCategory.ConnectorPunctuation => "Pc",
        UnicodeCategory.DashPunctuation => "Pd",
        UnicodeCategory.OpenPunctuation => "Ps",
        UnicodeCategory.ClosePunctuation => "Pe",
        UnicodeCategory.InitialQuotePunctuation => "Pi",
        UnicodeCategory.FinalQuotePunctuation => "Pf",
        UnicodeCategory.OtherPunctuation => "Po",
        UnicodeCategory.MathSymbol => "Sm",
        UnicodeCategory.CurrencySymbol => "Sc",
        UnicodeCategory.ModifierSymbol => "Sk",
        UnicodeCategory.OtherSymbol => "So",
        _ => "Cn",
    };
}
