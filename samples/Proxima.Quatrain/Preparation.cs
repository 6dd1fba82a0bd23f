using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Proxima.Quatrain;

/// <summary>
/// Makes a character model out of a file of poems: a tokenizer with one token a character, a config.json of half a million weights, and the
/// data. A prompt is the first character of a poem, its answer the whole poem.
/// </summary>
public static class Preparation
{
    private const int HeldOutOneOf = 20;

    private static readonly string[] SpecialTokens = ["<unk>", "</s>"];

    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes everything into a folder.</summary>
    /// <param name="poems">file with one poem a line</param>
    /// <param name="folder">made when it does not exist</param>
    public static void Write(string poems, string folder)
    {
        string[] lines = [.. File.ReadLines(poems).Where(line => line.Length > 0)];
        string[] characters = [.. lines.SelectMany(line => line).GroupBy(c => c).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).Select(group => $"{group.Key}")];
        Directory.CreateDirectory(folder);
        WriteJson(folder, "tokenizer.json", Tokenizer(characters));
        WriteJson(folder, "tokenizer_config.json", new Dictionary<string, object> { ["tokenizer_class"] = "PreTrainedTokenizerFast", ["eos_token"] = SpecialTokens[1], ["unk_token"] = SpecialTokens[0] });
        WriteJson(folder, "config.json", Model(SpecialTokens.Length + characters.Length));
        WriteData(folder, "train", [.. lines.Where((_, i) => i % HeldOutOneOf != 0)]);
        WriteData(folder, "held_out", [.. lines.Where((_, i) => i % HeldOutOneOf == 0)]);
        Console.WriteLine($"{lines.Length} poems of {characters.Length} characters: {folder}");
    }

    private static Dictionary<string, object?> Tokenizer(string[] characters) => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = SpecialTokens.Select((token, id) => new Dictionary<string, object>
        {
            ["id"] = id,
            ["content"] = token,
            ["single_word"] = false,
            ["lstrip"] = false,
            ["rstrip"] = false,
            ["normalized"] = false,
            ["special"] = true,
        }),
        ["normalizer"] = null,
        ["pre_tokenizer"] = new Dictionary<string, object>
        {
            ["type"] = "Split",
            ["pattern"] = new Dictionary<string, string> { ["Regex"] = "." },
            ["behavior"] = "Isolated",
            ["invert"] = false,
        },
        ["post_processor"] = null,
        ["decoder"] = new Dictionary<string, string> { ["type"] = "Fuse" },
        ["model"] = new Dictionary<string, object>
        {
            ["type"] = "WordLevel",
            ["vocab"] = SpecialTokens.Concat(characters).Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id),
            ["unk_token"] = SpecialTokens[0],
        },
    };

    private static Dictionary<string, object> Model(int vocabularySize) => new()
    {
        ["architectures"] = new[] { "LlamaForCausalLM" },
        ["model_type"] = "llama",
        ["hidden_size"] = 96,
        ["intermediate_size"] = 256,
        ["num_hidden_layers"] = 3,
        ["num_attention_heads"] = 6,
        ["num_key_value_heads"] = 6,
        ["max_position_embeddings"] = 32,
        ["tie_word_embeddings"] = true,
        ["initializer_range"] = 0.02,
        ["vocab_size"] = vocabularySize,
        ["eos_token_id"] = 1,
        ["torch_dtype"] = "float32",
    };

    private static void WriteData(string folder, string name, string[] poems)
    {
        WriteLines(folder, $"poems_{name}", poems.Select(poem => new { src = new[] { poem[..1] }, tgt = new[] { poem } }));
        WriteLines(folder, $"prompts_{name}", poems.Select(poem => new { src = new[] { poem[..1] }, tgt = Array.Empty<string>() }));
    }

    private static void WriteLines<T>(string folder, string name, IEnumerable<T> lines)
    {
        File.WriteAllText(Path.Combine(folder, $"{name}.jsonl"), string.Concat(lines.Select(line => JsonSerializer.Serialize(line, Options) + "\n")), new UTF8Encoding(false));
        WriteJson(folder, $"task_{name}.json", new[] { new { filepath = $"{name}.jsonl" } });
    }

    private static void WriteJson<T>(string folder, string name, T content) =>
        File.WriteAllText(Path.Combine(folder, name), JsonSerializer.Serialize(content, Options) + "\n", new UTF8Encoding(false));
}
