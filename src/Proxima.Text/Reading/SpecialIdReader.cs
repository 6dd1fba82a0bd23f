using System.Text.Json;
using Proxima.Text.Models;

namespace Proxima.Text.Reading;

/// <summary>
/// Finds the ids with a meaning of their own. Each is looked for in tokenizer_config.json, special_tokens_map.json and
/// config.json in that order; the first file that has its key decides, be it with null.
/// </summary>
internal sealed class SpecialIdReader
{
    private readonly string _folder;
    private readonly ITokenizerEngine _engine;
    private readonly List<string> _notes;

    private SpecialIdReader(string folder, ITokenizerEngine engine, List<string> notes)
    {
        _folder = folder;
        _engine = engine;
        _notes = notes;
    }

    public static SpecialIds Read(string folder, ITokenizerEngine engine, List<string> notes) =>
        new SpecialIdReader(folder, engine, notes).Read();

    private SpecialIds Read()
    {
        using JsonDocument? config = OpenIfThere("tokenizer_config.json", out JsonField? tokenizerConfig);
        using JsonDocument? map = OpenIfThere("special_tokens_map.json", out JsonField? specialTokensMap);
        using JsonDocument? model = OpenIfThere("config.json", out JsonField? modelConfig);
        SpecialIds own = _engine.OwnSpecialIds;
        return new SpecialIds
        {
            Bos = Find("bos_token") ?? own.Bos,
            Eos = Find("eos_token") ?? own.Eos,
            Pad = Find("pad_token") ?? own.Pad,
            Unk = Find("unk_token") ?? own.Unk,
        };

        int? Find(string key)
        {
            foreach (JsonField? file in (ReadOnlySpan<JsonField?>)[tokenizerConfig, specialTokensMap])
            {
                if (file is JsonField field && field.Has(key))
                {
                    return field.Optional(key) is JsonField token ? IdOf(token) : null;
                }
            }

            return modelConfig?.Optional(key + "_id") is JsonField id ? FirstId(id) : null;
        }
    }

    private int? IdOf(JsonField token)
    {
        string content = token.IsObject ? token.Text("content") : token.Text();
        int? id = _engine.TokenToId(content);
        if (id is null)
        {
            _notes.Add($"{token.Path} is ignored: the vocabulary has no token \"{content}\"");
        }

        return id;
    }

    /// <summary>An id, or the first of several.</summary>
    private static int? FirstId(JsonField field) => field.IsArray
        ? field.Items().Select(item => (int?)item.Count(Vocabulary.MaxId)).FirstOrDefault()
        : field.Integer() is >= 0 and var id ? id : null; // Some files write -1 for none.

    private JsonDocument? OpenIfThere(string name, out JsonField? root)
    {
        string path = Path.Combine(_folder, name);
        JsonDocument? document = File.Exists(path) ? JsonFile.Open(path) : null;
        root = document is null ? null : JsonFile.Root(document, path);
        return document;
    }
}
