using System.Globalization;
using System.Text.Json;
using Proxima.Text.AddedTokens;
using Proxima.Text.Models;
using Proxima.Text.Reading;

namespace Proxima.Text.SentencePiece;

/// <summary>What tokenizer_config.json says beyond a tokenizer.model: tokens added to it, and which go around a text.</summary>
internal sealed record SentencePieceExtras
{
    private const int MaxContent = 512;

    public IReadOnlyList<AddedToken> AddedTokens { get; init; } = [];

    public bool AddsBos { get; init; }

    public bool AddsEos { get; init; }

    /// <summary>A space goes before every stretch between added tokens and not only before the text ("legacy").</summary>
    public bool PrefixesEveryStretch { get; init; } = true;

    /// <summary>Reads the file when it is there. Where it does not say so, its class tells what goes around a text.</summary>
    public static SentencePieceExtras Read(string folder)
    {
        string path = Path.Combine(folder, "tokenizer_config.json");
        if (!File.Exists(path))
        {
            return new SentencePieceExtras();
        }

        using JsonDocument document = JsonFile.Open(path);
        JsonField root = JsonFile.Root(document, path);
        string type = root.OptionalText("tokenizer_class") ?? string.Empty;
        bool isLlama = type.StartsWith("Llama", StringComparison.Ordinal) || type.StartsWith("Gemma", StringComparison.Ordinal);
        bool isT5 = type.StartsWith("T5", StringComparison.Ordinal);
        return new SentencePieceExtras
        {
            AddedTokens = root.Optional("added_tokens_decoder") is JsonField entry ? ReadTokens(entry) : [],
            AddsBos = root.FlagOr("add_bos_token", isLlama),
            AddsEos = root.FlagOr("add_eos_token", isT5),
            PrefixesEveryStretch = root.FlagOr("legacy", true),
        };
    }

    private static List<AddedToken> ReadTokens(JsonField entry)
    {
        var tokens = new List<AddedToken>();
        var contents = new HashSet<string>(StringComparer.Ordinal);
        var ids = new HashSet<int>();
        foreach ((string key, JsonField token) in entry.Entries())
        {
            string content = token.Text("content");
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                || id > Vocabulary.MaxId || content.Length > MaxContent
                || !contents.Add(content) || !ids.Add(id))
            {
                throw entry.Error($"\"{key}\": \"{content}\" is no id and token, or comes twice");
            }

            tokens.Add(new AddedToken(
                id,
                content,
                token.FlagOr("single_word", false),
                token.FlagOr("lstrip", false),
                token.FlagOr("rstrip", false),
                Normalized: false,
                token.FlagOr("special", false)));
        }

        return tokens;
    }
}
