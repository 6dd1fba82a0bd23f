using Proxima.Text.Reading;

namespace Proxima.Text.Models;

/// <summary>Makes models from the "model" entry of a tokenizer.json.</summary>
internal static class ModelReader
{
    private const int DefaultLongestWord = 100;

    /// <param name="entry">The "model" entry.</param>
    /// <param name="notes">Gets what was left aside.</param>
    public static IModel Read(JsonField entry, List<string> notes)
    {
        string type = entry.OptionalText("type") ?? GuessType(entry);
        return type switch
        {
            "BPE" => BpeReader.Read(entry, notes),
            "Unigram" => Unigram(entry),
            "WordPiece" => WordPiece(entry),
            "WordLevel" => new WordLevelModel(Vocabulary.Read(entry.Field("vocab")), entry.Text("unk_token")),
            _ => throw ComponentFields.Unknown(entry, "model", type),
        };
    }

    private static UnigramModel Unigram(JsonField entry)
    {
        var tokens = new List<string>();
        var scores = new List<double>();
        foreach (JsonField pair in entry.Field("vocab").ManyItems())
        {
            if (pair.ManyItems().ToArray() is not [var token, var score] || tokens.Count > Vocabulary.MaxId)
            {
                throw pair.Expected($"[token, score], at most {Vocabulary.MaxId} of them");
            }

            tokens.Add(ComponentFields.ShortText(token));
            scores.Add(score.Number());
        }

        Vocabulary vocabulary = Vocabulary.Of(tokens);
        int?[]? byteIds = entry.FlagOr("byte_fallback", false)
            ? [.. Enumerable.Range(0, 256).Select(value => vocabulary.IdOf(ByteToken.Of((byte)value)))]
            : null;
        int? unknownId = entry.Optional("unk_id")?.Count(tokens.Count - 1);
        return new UnigramModel(vocabulary, [.. scores], unknownId, byteIds);
    }

    private static WordPieceModel WordPiece(JsonField entry) => new(
        Vocabulary.Read(entry.Field("vocab")),
        entry.Text("unk_token"),
        entry.OptionalText("continuing_subword_prefix") ?? "##",
        entry.Optional("max_input_chars_per_word")?.Count(int.MaxValue) ?? DefaultLongestWord);

    /// <summary>Older files do not name the type; what they hold tells it.</summary>
    private static string GuessType(JsonField entry)
    {
        if (entry.Has("merges"))
        {
            return "BPE";
        }

        if (entry.Field("vocab").IsArray)
        {
            return "Unigram";
        }

        return entry.Has("continuing_subword_prefix") ? "WordPiece" : "WordLevel";
    }
}
