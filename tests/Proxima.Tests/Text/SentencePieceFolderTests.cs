using System.Text.Json;
using Proxima.Text;

namespace Proxima.Tests.Text;

/// <summary>A tokenizer.model with the files that stand beside it in a model folder.</summary>
public sealed class SentencePieceFolderTests
{
    // From sp_bpe_bytes.sp.json.gz: "Hello world" and the ids of its control symbols.
    private static readonly int[] HelloWorld = ReadHelloWorld();

    [Fact]
    public void A_bare_model_adds_nothing_around_a_text()
    {
        using SampleFolder folder = Model();

        Tokenizer tokenizer = Tokenizer.Load(folder.Path);

        Assert.Equal(HelloWorld, tokenizer.Encode("Hello world"));
        Assert.Equal(HelloWorld, tokenizer.EncodeWithSpecialTokens("Hello world"));
        Assert.Equal("SentencePiece BPE (byte fallback)", tokenizer.Kind);
    }

    [Theory]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer"}""", true, false)]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer", "add_bos_token": false, "add_eos_token": true}""", false, true)]
    [InlineData("""{"tokenizer_class": "T5Tokenizer"}""", false, true)]
    public void The_tokenizer_config_says_what_goes_around_a_text(string config, bool hasBos, bool hasEos)
    {
        using SampleFolder folder = Model().With("tokenizer_config.json", config);

        Tokenizer tokenizer = Tokenizer.Load(folder.Path);

        int[] bos = hasBos ? [tokenizer.BosId!.Value] : [];
        int[] eos = hasEos ? [tokenizer.EosId!.Value] : [];
        int[] expected = [.. bos, .. HelloWorld, .. eos];
        Assert.Equal(expected, tokenizer.EncodeWithSpecialTokens("Hello world"));
    }

    [Fact]
    public void Added_tokens_of_the_config_are_found_in_the_text()
    {
        using SampleFolder folder = Model().With(
            "tokenizer_config.json",
            """{"added_tokens_decoder": {"9000": {"content": "<|turn|>", "special": true}}, "eos_token": "<|turn|>"}""");

        Tokenizer tokenizer = Tokenizer.Load(folder.Path);
        int[] ids = tokenizer.Encode("Hello world<|turn|>");

        Assert.Equal([.. HelloWorld, 9000], ids);
        Assert.Equal("Hello world", tokenizer.Decode(ids));
        Assert.Equal("Hello world<|turn|>", tokenizer.DecodeWithSpecialTokens(ids));
        Assert.Equal(9000, tokenizer.EosId);
        Assert.Equal(9001, tokenizer.VocabularySize);
    }

    [Theory]
    [InlineData("true", "Hello<|turn|> world")]
    [InlineData("false", "Hello<|turn|>world")]
    public void Text_after_an_added_token_begins_with_a_space_in_legacy_files_only(string legacy, string expected)
    {
        string tokens = """{"9000": {"content": "<|turn|>", "special": true}}""";
        using SampleFolder folder = Model().With(
            "tokenizer_config.json", $$"""{"legacy": {{legacy}}, "added_tokens_decoder": {{tokens}}}""");

        Tokenizer tokenizer = Tokenizer.Load(folder.Path);

        Assert.Equal(expected, tokenizer.DecodeWithSpecialTokens(tokenizer.Encode("Hello<|turn|>world")));
    }

    private static SampleFolder Model() => new SampleFolder().With(
        "tokenizer.model", File.ReadAllBytes(GoldenFiles.PathOf("small", "sp_bpe_bytes.model")));

    private static int[] ReadHelloWorld()
    {
        Assert.Equal("Hello world", GoldenFiles.Corpus[0]);
        JsonElement first = GoldenFiles.Read("sp_bpe_bytes.sp.json.gz").GetProperty("hand")[0];
        return first.GetProperty("ids").Deserialize<int[]>()!;
    }
}
