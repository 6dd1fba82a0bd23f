using System.Text.Json;
using Proxima.Text;

namespace Proxima.Tests.Text;

/// <summary>Every id and every character as the SentencePiece library gives them.</summary>
public sealed class SentencePieceGoldenTests
{
    [Theory]
    [InlineData("sp_bpe_bytes")]
    [InlineData("sp_unigram")]
    public void Ids_equal_the_official_ones(string name)
    {
        (Tokenizer tokenizer, JsonElement golden) = Open(name);
        var mismatches = new Mismatches();
        foreach ((string text, JsonElement entry) in GoldenFiles.Corpus.Zip(golden.GetProperty("hand").EnumerateArray()))
        {
            mismatches.Compare(text, Ids(entry.GetProperty("ids")), tokenizer.Encode(text));
        }

        foreach ((string text, JsonElement ids) in GoldenFiles.Fuzz.Zip(golden.GetProperty("fuzz").EnumerateArray()))
        {
            mismatches.Compare(text, Ids(ids), tokenizer.Encode(text));
        }

        mismatches.AssertNone(expectedComparisons: 236 + 1000);
    }

    [Theory]
    [InlineData("sp_bpe_bytes")]
    [InlineData("sp_unigram")]
    public void Texts_of_ids_equal_the_official_ones(string name)
    {
        (Tokenizer tokenizer, JsonElement golden) = Open(name);
        var mismatches = new Mismatches();
        foreach (string part in (string[])["hand", "random"])
        {
            foreach (JsonElement entry in golden.GetProperty(part).EnumerateArray())
            {
                string decoded = tokenizer.Decode(Ids(entry.GetProperty("ids")));
                mismatches.Compare(part, entry.GetProperty("text").GetString(), decoded);
            }
        }

        foreach ((JsonElement ids, JsonElement text) in golden.GetProperty("fuzz").EnumerateArray()
            .Zip(golden.GetProperty("fuzz_text").EnumerateArray()))
        {
            mismatches.Compare("fuzz", text.GetString(), tokenizer.Decode(Ids(ids)));
        }

        mismatches.AssertNone(expectedComparisons: 236 + 80 + 1000);
    }

    [Theory]
    [InlineData("sp_bpe_bytes")]
    [InlineData("sp_unigram")]
    public void Pieces_and_special_ids_equal_the_official_ones(string name)
    {
        (Tokenizer tokenizer, JsonElement golden) = Open(name);
        Assert.Equal(golden.GetProperty("size").GetInt32(), tokenizer.VocabularySize);
        Assert.Equal(OrNull(golden.GetProperty("bos")), tokenizer.BosId);
        Assert.Equal(OrNull(golden.GetProperty("eos")), tokenizer.EosId);
        Assert.Equal(OrNull(golden.GetProperty("unk")), tokenizer.UnkId);
        Assert.Equal(OrNull(golden.GetProperty("pad")), tokenizer.PadId);

        int id = 0;
        foreach (JsonElement piece in golden.GetProperty("pieces").EnumerateArray())
        {
            Assert.Equal(piece[0].GetString(), tokenizer.IdToToken(id));
            Assert.Equal(piece[2].GetString() == "control", tokenizer.IsSpecial(id));
            id++;
        }

        Assert.Equal(tokenizer.VocabularySize, id);
        Assert.Null(tokenizer.IdToToken(id));
    }

    private static int? OrNull(JsonElement id) => id.GetInt32() is >= 0 and var value ? value : null;

    private static (Tokenizer Tokenizer, JsonElement Golden) Open(string name) =>
        (TokenizerSources.Load(name), GoldenFiles.Read(name + ".sp.json.gz"));

    private static int[] Ids(JsonElement ids) => ids.Deserialize<int[]>()!;
}
