using System.Text.Json;
using Proxima.TestSupport;
using Proxima.Text;

namespace Proxima.Tests.Text;

/// <summary>The tokenizers of the two reference models, against ids that transformers gave.</summary>
public sealed class ReferenceModelTokenizerTests
{
    [Fact]
    public void Stories260k_ids_equal_the_golden_ones()
    {
        Tokenizer tokenizer = Tokenizer.Load(RepositoryPaths.Shared("models", "stories260k"));
        JsonElement golden = ReadJson(RepositoryPaths.Shared("models", "stories260k", "golden_tokens.json"));
        var mismatches = new Mismatches();
        foreach (JsonElement pair in golden.EnumerateArray())
        {
            string text = pair[0].GetString()!;
            mismatches.Compare(text, pair[1].Deserialize<int[]>(), tokenizer.EncodeWithSpecialTokens(text));
        }

        mismatches.AssertNone(expectedComparisons: golden.GetArrayLength());
        Assert.True(golden.GetArrayLength() > 0);
    }

    [Fact]
    public void Stories260k_special_ids_are_those_of_its_config()
    {
        Tokenizer tokenizer = Tokenizer.Load(RepositoryPaths.Shared("models", "stories260k"));

        Assert.Equal((1, 2, 0, null), (tokenizer.BosId, tokenizer.EosId, tokenizer.UnkId, tokenizer.PadId));
        Assert.True(tokenizer.IsSpecial(1));
        Assert.Equal("BPE (byte fallback)", tokenizer.Kind);
        Assert.Empty(tokenizer.Notes);
    }

    [Fact]
    public void SmolLM2_ids_equal_the_golden_ones()
    {
        JsonElement golden = ReadJson(RepositoryPaths.Shared("models", "smollm2-135m-instruct", "golden.json"));
        Tokenizer tokenizer = Tokenizer.Load(TokenizerSources.SmolLm2Folder());
        var mismatches = new Mismatches();
        foreach (JsonElement entry in golden.GetProperty("tokenizer").EnumerateArray())
        {
            string text = entry.GetProperty("text").GetString()!;
            mismatches.Compare(text, entry.GetProperty("ids").Deserialize<int[]>(), tokenizer.Encode(text));
        }

        foreach (JsonElement prompt in golden.GetProperty("prompts").EnumerateArray())
        {
            string text = prompt.GetProperty("text").GetString()!;
            mismatches.Compare(text, prompt.GetProperty("token_ids").Deserialize<int[]>(), tokenizer.Encode(text));
            int[] answer = prompt.GetProperty("greedy_24").Deserialize<int[]>()!;
            mismatches.Compare(
                "answer", prompt.GetProperty("greedy_24_text").GetString(), tokenizer.DecodeWithSpecialTokens(answer));
        }

        mismatches.AssertNone(expectedComparisons: 50 + (2 * 5));
    }

    [Fact]
    public void SmolLM2_special_ids_are_those_of_its_config()
    {
        Tokenizer tokenizer = Tokenizer.Load(TokenizerSources.SmolLm2Folder());

        Assert.Equal((1, 2, 0, 2), (tokenizer.BosId, tokenizer.EosId, tokenizer.UnkId, tokenizer.PadId));
        Assert.Equal("BPE (byte-level)", tokenizer.Kind);
        Assert.Equal(49_152, tokenizer.VocabularySize);
    }

    private static JsonElement ReadJson(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.Clone();
    }
}
