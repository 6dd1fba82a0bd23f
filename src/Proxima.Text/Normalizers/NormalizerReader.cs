using System.Text;
using Proxima.Text.Reading;

namespace Proxima.Text.Normalizers;

/// <summary>Makes normalizers from the "normalizer" entry of a tokenizer.json.</summary>
internal static class NormalizerReader
{
    private const int DottedCapitalI = 0x130;

    /// <summary>The steps of the entry; none without it.</summary>
    public static INormalizer Read(JsonField? entry)
    {
        var steps = new List<INormalizer>();
        if (entry is JsonField field)
        {
            Add(field, steps);
        }

        return steps.Count == 1 ? steps[0] : new SequenceNormalizer(steps);
    }

    private static void Add(JsonField entry, List<INormalizer> steps)
    {
        string type = entry.Text("type");
        switch (type)
        {
            case "Sequence":
                foreach (JsonField step in entry.Field("normalizers").Items())
                {
                    Add(step, steps);
                }

                break;
            case "NFC" or "NFD" or "NFKC" or "NFKD":
                steps.Add(new UnicodeFormNormalizer(Form(type)));
                break;
            case "Lowercase":
                steps.Add(new MappingNormalizer(Lower));
                break;
            case "StripAccents":
                steps.Add(Without(CharacterKinds.IsMark));
                break;
            case "Strip":
                steps.Add(new TrimNormalizer
                {
                    Start = entry.FlagOr("strip_left", true),
                    End = entry.FlagOr("strip_right", true),
                });
                break;
            case "Prepend":
                steps.Add(new PrependNormalizer(ComponentFields.ShortText(entry.Field("prepend"))));
                break;
            case "Replace":
                steps.Add(new ReplaceNormalizer(
                    ComponentFields.Matcher(entry), ComponentFields.ShortText(entry.Field("content"))));
                break;
            case "Precompiled":
                steps.Add(new PrecompiledNormalizer(Table(entry.Field("precompiled_charsmap"))));
                break;
            case "BertNormalizer":
                AddBert(entry, steps);
                break;
            default:
                throw ComponentFields.Unknown(entry, "normalizer", type);
        }
    }

    private static CharacterMap Table(JsonField field)
    {
        string text = field.Text();
        var blob = new byte[text.Length];
        return Convert.TryFromBase64String(text, blob, out int count)
            ? CharacterMap.Read(blob.AsSpan(0, count), field.Path)
            : throw field.Expected("base64");
    }

    private static void AddBert(JsonField entry, List<INormalizer> steps)
    {
        bool lowercases = entry.FlagOr("lowercase", true);
        if (entry.FlagOr("clean_text", true))
        {
            steps.Add(new MappingNormalizer(BertCharacters.Clean));
        }

        if (entry.FlagOr("handle_chinese_chars", true))
        {
            steps.Add(new MappingNormalizer(BertCharacters.SpaceIdeographs));
        }

        // Not said: accents go where case goes.
        if (entry.FlagOr("strip_accents", lowercases))
        {
            steps.Add(new UnicodeFormNormalizer(NormalizationForm.FormD));
            steps.Add(Without(CharacterKinds.IsBertAccent));
        }

        if (lowercases)
        {
            steps.Add(new MappingNormalizer(Lower));
        }
    }

    private static MappingNormalizer Without(Func<Rune, bool> isDropped) => new((rune, text) =>
    {
        if (!isDropped(rune))
        {
            text.AppendRune(rune);
        }
    });

    private static void Lower(Rune rune, StringBuilder text)
    {
        if (rune.Value == DottedCapitalI)
        {
            text.Append("i\u0307");
        }
        else
        {
            text.AppendRune(Rune.ToLowerInvariant(rune));
        }
    }

    private static NormalizationForm Form(string type) => type switch
    {
        "NFC" => NormalizationForm.FormC,
        "NFD" => NormalizationForm.FormD,
        "NFKC" => NormalizationForm.FormKC,
        _ => NormalizationForm.FormKD,
    };
}
