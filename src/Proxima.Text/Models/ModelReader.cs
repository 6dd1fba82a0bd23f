using Proxima.Text.Reading;

namespace Proxima.Text.Models;

/// <summary>Makes models from the "model" entry of a tokenizer.json.</summary>
internal static class ModelReader
{
    /// <param name="entry">The "model" entry.</param>
    /// <param name="notes">Gets what was left aside.</param>
    public static IModel Read(JsonField entry, List<string> notes)
    {
        string type = entry.OptionalText("type") ?? GuessType(entry);
        return type switch
        {
            "BPE" => BpeReader.Read(entry, notes),
            _ => throw ComponentFields.Unknown(entry, "model", type),
        };
    }

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
