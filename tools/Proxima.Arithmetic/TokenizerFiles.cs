using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Proxima.Core.Runs;

namespace Proxima.Arithmetic;

/// <summary>The tokenizer of the default models: a token is an English word, or any other single character.</summary>
internal static partial class TokenizerFiles
{
    private const string Pattern = "[A-Za-z]+|[^A-Za-z]";
    private const string Unknown = "<unk>";
    private const string Pad = "<pad>";
    private const string Begin = "<s>";
    private const string End = "</s>";

    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>tokenizer.json and tokenizer_config.json.</summary>
    public static void Write(string folder)
    {
        string[] special = [Unknown, Pad, Begin, End];
        string[] words =
        [
            .. Enumerable.Range(0, 10).Select(digit => $"{digit}"),
            "\n", " ",
            .. new[] { Language.English, Language.Chinese }.SelectMany(language => language.Phrases)
                .SelectMany(phrase => Token().Matches(Number().Replace(phrase, "")).Select(match => match.Value))
                .Where(token => token != " ").Distinct().Order(StringComparer.Ordinal),
        ];
        JsonObject vocabulary = [];
        foreach (string token in special.Concat(words))
        {
            vocabulary.Add(token, vocabulary.Count);
        }

        JsonObject tokenizer = new()
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. special.Select((token, id) => AddedToken(token, id))]),
            ["normalizer"] = null,
            ["pre_tokenizer"] = JsonNode.Parse($$"""{"type": "Split", "pattern": {"Regex": "{{Pattern}}"}, "behavior": "Isolated", "invert": false}"""),
            ["post_processor"] = BeginsWith(Begin, Array.IndexOf(special, Begin)),
            ["decoder"] = new JsonObject { ["type"] = "Fuse" },
            ["model"] = new JsonObject { ["type"] = "WordLevel", ["vocab"] = vocabulary, ["unk_token"] = Unknown },
        };
        JsonObject config = new()
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["unk_token"] = Unknown,
            ["pad_token"] = Pad,
            ["bos_token"] = Begin,
            ["eos_token"] = End,
            ["clean_up_tokenization_spaces"] = false,
            ["model_max_length"] = 128,
        };
        AtomicFile.WriteText(Path.Combine(folder, "tokenizer.json"), tokenizer.ToJsonString(Options) + "\n");
        AtomicFile.WriteText(Path.Combine(folder, "tokenizer_config.json"), config.ToJsonString(Options) + "\n");
    }

    private static JsonObject AddedToken(string token, int id) => new JsonObject
    {
        ["id"] = id,
        ["content"] = token,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = true,
    };

    private static JsonNode BeginsWith(string token, int id)
    {
        JsonNode? processor = JsonNode.Parse("""
            {"type": "TemplateProcessing",
             "single": [{"SpecialToken": {"id": "", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
             "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}]}
            """);
        processor!["single"]![0]!["SpecialToken"]!["id"] = token;
        processor["special_tokens"] = new JsonObject
        {
            [token] = new JsonObject { ["id"] = token, ["ids"] = new JsonArray(id), ["tokens"] = new JsonArray(token) },
        };
        return processor;
    }

    [GeneratedRegex(Pattern)]
    private static partial Regex Token();

    [GeneratedRegex(@"\{[01]\}")]
    private static partial Regex Number();
}
