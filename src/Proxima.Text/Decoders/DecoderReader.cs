using Proxima.Text.Patterns;
using Proxima.Text.Reading;

namespace Proxima.Text.Decoders;

/// <summary>Makes decoders from the "decoder" entry of a tokenizer.json.</summary>
internal static class DecoderReader
{
    private const int MaxStripped = 1000;

    /// <summary>The steps of a decoder; without a decoder the tokens are joined by spaces.</summary>
    public static DecoderChain Read(JsonField? decoder)
    {
        var steps = new List<IDecoder>();
        if (decoder is JsonField entry)
        {
            Add(entry, steps);
        }
        else
        {
            steps.Add(new MappingDecoder((token, index) => index == 0 ? token : " " + token));
        }

        return new DecoderChain(steps);
    }

    private static void Add(JsonField entry, List<IDecoder> steps)
    {
        string type = entry.Text("type");
        switch (type)
        {
            case "Sequence":
                foreach (JsonField step in entry.Field("decoders").Items())
                {
                    Add(step, steps);
                }

                break;
            case "ByteLevel":
                steps.Add(new ByteLevelDecoder());
                break;
            case "ByteFallback":
                steps.Add(new ByteFallbackDecoder());
                break;
            case "Fuse":
                steps.Add(new FuseDecoder());
                break;
            case "Replace":
                steps.Add(Replace(entry));
                break;
            case "Strip":
                steps.Add(new StripDecoder(
                    ComponentFields.Character(entry.Field("content")),
                    entry.Field("start").Count(MaxStripped),
                    entry.Field("stop").Count(MaxStripped)));
                break;
            case "Metaspace":
                steps.Add(Metaspace(entry));
                break;
            case "WordPiece":
                steps.Add(WordPieceText.Decoder(entry.Text("prefix"), entry.Field("cleanup").Flag()));
                break;
            default:
                throw ComponentFields.Unknown(entry, "decoder", type);
        }
    }

    private static MappingDecoder Replace(JsonField entry)
    {
        TextMatcher matcher = ComponentFields.Matcher(entry);
        string content = ComponentFields.ShortText(entry.Field("content"));
        return new MappingDecoder((token, _) => matcher.Replace(token, content))
        {
            TakesFragments = matcher.SingleCharacter is not null,
        };
    }

    private static MappingDecoder Metaspace(JsonField entry)
    {
        char replacement = ComponentFields.Character(entry.Field("replacement"));
        bool dropsFirst = ComponentFields.MetaspaceScheme(entry) != PreTokenizers.PrependScheme.Never;
        return new MappingDecoder((token, index) => index == 0 && dropsFirst
            ? token.Replace(replacement.ToString(), string.Empty, StringComparison.Ordinal)
            : token.Replace(replacement, ' '));
    }
}
