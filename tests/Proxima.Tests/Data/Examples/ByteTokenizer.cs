using System.Text;
using System.Text.Json.Nodes;
using Proxima.Text;

namespace Proxima.Tests.Data.Examples;

/// <summary>A tokenizer whose token ids are UTF-8 bytes + 3, with a begin and an end of sequence.</summary>
internal static class ByteTokenizer
{
    public const int Bos = 1;
    public const int Eos = 2;

    /// <summary>Id of the first of <see cref="Marks"/>.</summary>
    public const int FirstMark = FirstByte + 256;

    private const int FirstByte = 3;

    /// <summary>Special tokens behind the bytes, for templates.</summary>
    public static readonly string[] Marks = ["<|start|>", "<|end|>"];

    private static readonly Lazy<Tokenizer> WithEos = new(() => Load("""{"bos_token": "<s>", "eos_token": "</s>"}"""));
    private static readonly Lazy<Tokenizer> WithoutEos = new(() => Load("""{"bos_token": "<s>"}"""));

    public static Tokenizer Create() => WithEos.Value;

    public static Tokenizer WithoutEnd() => WithoutEos.Value;

    /// <summary>The expected ids of a text, worked out from its bytes alone.</summary>
    public static int[] Ids(string text)
    {
        List<int> ids = [];
        for (int i = 0; i < text.Length;)
        {
            int mark = Array.FindIndex(Marks, candidate => string.CompareOrdinal(text, i, candidate, 0, candidate.Length) == 0);
            if (mark >= 0)
            {
                ids.Add(FirstMark + mark);
                i += Marks[mark].Length;
                continue;
            }

            int length = char.IsSurrogatePair(text, i) ? 2 : 1;
            ids.AddRange(Encoding.UTF8.GetBytes(text.Substring(i, length)).Select(b => b + FirstByte));
            i += length;
        }

        return [.. ids];
    }

    /// <summary>The text of ids that are all bytes.</summary>
    public static string Text(IEnumerable<int> ids) => new UTF8Encoding(false, true).GetString([.. ids.Select(id => (byte)(id - FirstByte))]);

    /// <summary>Writes the tokenizer's files into a folder.</summary>
    public static void Write(TemporaryFolder folder, string config)
    {
        folder.Write("tokenizer.json", Json());
        folder.Write("tokenizer_config.json", config);
    }

    private static Tokenizer Load(string config)
    {
        using TemporaryFolder folder = new();
        Write(folder, config);
        return Tokenizer.Load(folder.Root);
    }

    private static string Json()
    {
        JsonObject vocabulary = new() { ["<pad>"] = 0, ["<s>"] = Bos, ["</s>"] = Eos };
        int beyond = 256;
        for (int b = 0; b < 256; b++)
        {
            // The byte alphabet of GPT-2: printable bytes stand for themselves, the others for characters from 256 on.
            bool isPrintable = b is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
            vocabulary[((char)(isPrintable ? b : beyond++)).ToString()] = b + FirstByte;
        }

        JsonArray added = [Added(0, "<pad>"), Added(Bos, "<s>"), Added(Eos, "</s>")];
        for (int i = 0; i < Marks.Length; i++)
        {
            added.Add(Added(FirstMark + i, Marks[i]));
        }

        return new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = added,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["use_regex"] = false },
            ["post_processor"] = JsonNode.Parse("""
                {
                    "type": "TemplateProcessing",
                    "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                    "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                    "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}
                }
                """),
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new JsonArray() },
        }.ToJsonString();
    }

    private static JsonObject Added(int id, string content) => new()
    {
        ["id"] = id,
        ["content"] = content,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = true,
    };
}
