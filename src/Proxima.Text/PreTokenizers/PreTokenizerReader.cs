using System.Text;
using Proxima.Text.Patterns;
using Proxima.Text.Reading;

namespace Proxima.Text.PreTokenizers;

/// <summary>Makes pre-tokenizers from the "pre_tokenizer" entry of a tokenizer.json.</summary>
internal static class PreTokenizerReader
{
    /// <summary>The steps in order, sequences laid flat; none without the entry.</summary>
    public static List<IPreTokenizer> Read(JsonField? entry)
    {
        var steps = new List<IPreTokenizer>();
        if (entry is JsonField field)
        {
            Add(field, steps);
        }

        return steps;
    }

    private static void Add(JsonField entry, List<IPreTokenizer> steps)
    {
        string type = entry.Text("type");
        switch (type)
        {
            case "Sequence":
                foreach (JsonField step in entry.Field("pretokenizers").Items())
                {
                    Add(step, steps);
                }

                break;
            case "ByteLevel":
                steps.Add(new ByteLevelPreTokenizer
                {
                    AddsPrefixSpace = entry.FlagOr("add_prefix_space", true),
                    UsesPattern = entry.FlagOr("use_regex", true),
                    Spells = true,
                });
                break;
            case "Split":
                steps.Add(Split(entry));
                break;
            case "Metaspace":
                steps.Add(Metaspace(entry));
                break;
            case "Digits":
                steps.Add(new CharacterSplitPreTokenizer(
                    CharacterKinds.IsNumeric,
                    entry.FlagOr("individual_digits", false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous));
                break;
            case "Punctuation":
                steps.Add(new CharacterSplitPreTokenizer(
                    CharacterKinds.IsPunctuation,
                    entry.Optional("behavior") is JsonField behavior ? Behavior(behavior) : SplitBehavior.Isolated));
                break;
            case "Whitespace":
                steps.Add(new WordPreTokenizer());
                break;
            case "WhitespaceSplit":
                steps.Add(new CharacterSplitPreTokenizer(Rune.IsWhiteSpace, SplitBehavior.Removed));
                break;
            case "BertPreTokenizer":
                steps.Add(new CharacterSplitPreTokenizer(Rune.IsWhiteSpace, SplitBehavior.Removed));
                steps.Add(new CharacterSplitPreTokenizer(CharacterKinds.IsPunctuation, SplitBehavior.Isolated));
                break;
            default:
                throw ComponentFields.Unknown(entry, "pre-tokenizer", type);
        }
    }

    private static SplitPreTokenizer Split(JsonField entry)
    {
        TextMatcher matcher = ComponentFields.Matcher(entry);
        SplitBehavior behavior = Behavior(entry.Field("behavior"));
        return entry.FlagOr("invert", false)
            ? SplitPreTokenizer.Between(matcher, behavior)
            : SplitPreTokenizer.At(matcher, behavior);
    }

    private static MetaspacePreTokenizer Metaspace(JsonField entry)
    {
        char replacement = ComponentFields.Character(entry.Field("replacement"));
        PrependScheme scheme = ComponentFields.MetaspaceScheme(entry);
        return entry.FlagOr("split", true)
            ? MetaspacePreTokenizer.Cutting(replacement, scheme)
            : MetaspacePreTokenizer.Whole(replacement, scheme);
    }

    private static SplitBehavior Behavior(JsonField field) => field.Text() switch
    {
        "Removed" => SplitBehavior.Removed,
        "Isolated" => SplitBehavior.Isolated,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        _ => throw field.Expected(
            "\"Removed\", \"Isolated\", \"MergedWithPrevious\", \"MergedWithNext\" or \"Contiguous\""),
    };
}
