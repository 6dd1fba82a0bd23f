using System.Text.Json;
using Proxima.Text;

namespace Proxima.Tests.Text;

/// <summary>Every id and every character as the official library gives them.</summary>
public sealed class TokenizerGoldenTests
{
    public static TheoryData<string> Names =>
        [.. GoldenFiles.Manifest.GetProperty("tokenizers").EnumerateObject().Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Ids_of_the_corpus_equal_the_official_ones(string name)
    {
        (Tokenizer tokenizer, JsonElement golden) = Open(name);
        var mismatches = new Mismatches();
        foreach ((string text, JsonElement plain, JsonElement special) in GoldenFiles.Corpus.Zip(
            golden.GetProperty("hand").EnumerateArray(), golden.GetProperty("hand_special").EnumerateArray()))
        {
            mismatches.Compare(text, Ids(plain.GetProperty("ids")), tokenizer.Encode(text));
            mismatches.Compare(text, Ids(special.GetProperty("ids")), tokenizer.EncodeWithSpecialTokens(text));
        }

        mismatches.AssertNone(expectedComparisons: 2 * 236);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Ids_of_generated_strings_equal_the_official_ones(string name)
    {
        (Tokenizer tokenizer, JsonElement golden) = Open(name);
        var mismatches = new Mismatches();
        foreach ((string text, JsonElement ids) in GoldenFiles.Fuzz.Zip(golden.GetProperty("fuzz").EnumerateArray()))
        {
            mismatches.Compare(text, Ids(ids), tokenizer.Encode(text));
        }

        mismatches.AssertNone(expectedComparisons: 1000);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Texts_of_ids_equal_the_official_ones(string name)
    {
        (Tokenizer tokenizer, JsonElement golden) = Open(name);
        var mismatches = new Mismatches();
        foreach (string part in (string[])["hand", "hand_special", "random"])
        {
            foreach (JsonElement entry in golden.GetProperty(part).EnumerateArray())
            {
                int[] ids = Ids(entry.GetProperty("ids"));
                string text = entry.GetProperty("text").GetString()!;
                string skipped = entry.GetProperty("skip").GetString() ?? text;
                mismatches.Compare(part, text, tokenizer.DecodeWithSpecialTokens(ids));
                mismatches.Compare(part, skipped, tokenizer.Decode(ids));
            }
        }

        foreach (((string text, JsonElement ids), JsonElement decoded) in GoldenFiles.Fuzz
            .Zip(golden.GetProperty("fuzz").EnumerateArray())
            .Zip(golden.GetProperty("fuzz_text").EnumerateArray()))
        {
            mismatches.Compare("fuzz", decoded.GetString() ?? text, tokenizer.DecodeWithSpecialTokens(Ids(ids)));
        }

        mismatches.AssertNone(expectedComparisons: (2 * (236 + 236 + 80)) + 1000);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Vocabulary_has_the_official_size(string name)
    {
        Tokenizer tokenizer = TokenizerSources.Load(name);
        int expected = GoldenFiles.Manifest.GetProperty("tokenizers").GetProperty(name).GetProperty("vocab").GetInt32();
        Assert.Equal(expected, tokenizer.VocabularySize);
    }

    private static (Tokenizer Tokenizer, JsonElement Golden) Open(string name) =>
        (TokenizerSources.Load(name), GoldenFiles.Read(name + ".json.gz"));

    private static int[] Ids(JsonElement ids) => ids.Deserialize<int[]>()!;
}
