using System.Text.Json;
using System.Text.Json.Nodes;
using Proxima.Text;

namespace Proxima.Tests.Text;

/// <summary>Normalizers, pre-tokenizers and flags of added tokens one by one, against the official library.</summary>
public sealed class TokenizerComponentTests
{
    private static readonly Lazy<JsonElement> Golden = new(() => GoldenFiles.Read("components.json.gz"));

    public static TheoryData<int, string> Cases
    {
        get
        {
            var data = new TheoryData<int, string>();
            int index = 0;
            foreach (JsonElement entry in Golden.Value.GetProperty("cases").EnumerateArray())
            {
                data.Add(index++, Describe(entry));
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_component_gives_the_official_ids(int index, string description)
    {
        JsonElement entry = Golden.Value.GetProperty("cases")[index];
        using SampleFolder folder = new SampleFolder().With("tokenizer.json", TokenizerJson(entry));
        Tokenizer tokenizer = Tokenizer.Load(folder.Path);
        var mismatches = new Mismatches();
        foreach ((JsonElement text, JsonElement ids) in Golden.Value.GetProperty("texts").EnumerateArray()
            .Zip(entry.GetProperty("ids").EnumerateArray()))
        {
            int[] actual = tokenizer.Encode(text.GetString()!);
            mismatches.Compare($"{description} on {text.GetRawText()}", ids.Deserialize<int[]>(), actual);
        }

        mismatches.AssertNone(expectedComparisons: Golden.Value.GetProperty("texts").GetArrayLength());
    }

    private static string TokenizerJson(JsonElement entry)
    {
        var json = new JsonObject
        {
            ["model"] = new JsonObject
            {
                ["type"] = "WordLevel",
                ["unk_token"] = "[UNK]",
                ["vocab"] = JsonObject.Create(entry.GetProperty("vocab")),
            },
        };
        foreach (string key in (string[])["normalizer", "pre_tokenizer", "added_tokens"])
        {
            if (entry.TryGetProperty(key, out JsonElement value))
            {
                json[key] = JsonNode.Parse(value.GetRawText());
            }
        }

        return json.ToJsonString();
    }

    private static string Describe(JsonElement entry) => string.Join(' ', ((string[])["normalizer", "pre_tokenizer", "added_tokens"])
        .Where(key => entry.TryGetProperty(key, out JsonElement value) && value.GetRawText() != "[]")
        .Select(key => entry.GetProperty(key).GetRawText()));
}
