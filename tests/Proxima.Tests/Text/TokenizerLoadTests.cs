using Proxima.Core;
using Proxima.Text;

namespace Proxima.Tests.Text;

/// <summary>Which files a tokenizer is made of, and what is said when they do not do.</summary>
public sealed class TokenizerLoadTests
{
    [Fact]
    public void A_folder_without_a_tokenizer_is_an_error_that_names_it_and_what_was_expected()
    {
        using var folder = new SampleFolder();

        ProximaException error = Refused(folder);

        Assert.Contains(folder.Path, error.Message);
        Assert.Contains("tokenizer.json", error.Message);
        Assert.Contains("tokenizer.model", error.Message);
    }

    [Fact]
    public void Tokenizer_json_comes_before_tokenizer_model()
    {
        using SampleFolder folder = new SampleFolder()
            .With("tokenizer.json", "{" + SampleFolder.SmallModel + "}")
            .With("tokenizer.model", "broken");

        Assert.Equal([4, 3], Tokenizer.Load(folder.Path).Encode("abc"));
    }

    [Theory]
    [InlineData("\"normalizer\": {\"type\": \"Shout\"}", "normalizer \"Shout\"")]
    [InlineData("\"pre_tokenizer\": {\"type\": \"Shout\"}", "pre-tokenizer \"Shout\"")]
    [InlineData("\"post_processor\": {\"type\": \"Shout\"}", "post-processor \"Shout\"")]
    [InlineData("\"decoder\": {\"type\": \"Sequence\", \"decoders\": [{\"type\": \"Shout\"}]}", "decoder \"Shout\"")]
    public void An_unknown_component_is_an_error_that_names_it(string entry, string expected)
    {
        using SampleFolder folder = new SampleFolder()
            .With("tokenizer.json", "{" + entry + "," + SampleFolder.SmallModel + "}");

        Assert.Contains(expected, Refused(folder).Message);
    }

    [Fact]
    public void An_unknown_model_is_an_error_that_names_it()
    {
        using SampleFolder folder = new SampleFolder().With("tokenizer.json", """{"model": {"type": "Oracle"}}""");

        Assert.Contains("model \"Oracle\"", Refused(folder).Message);
    }

    [Theory]
    [InlineData("(?<=a)b")]
    [InlineData("a(?!bc)")]
    [InlineData("(a")]
    [InlineData("[a")]
    [InlineData("\\p{Elvish}")]
    [InlineData("((((a{1000}){1000}){1000}){1000})")]
    public void A_pattern_that_is_not_supported_is_an_error_that_shows_it(string pattern)
    {
        string json = System.Text.Json.JsonSerializer.Serialize(pattern);
        using SampleFolder folder = new SampleFolder().With(
            "tokenizer.json",
            "{\"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": {\"Regex\": " + json
            + "}, \"behavior\": \"Isolated\"}," + SampleFolder.SmallModel + "}");

        Assert.Contains(pattern, Refused(folder).Message);
    }

    [Fact]
    public void Padding_and_truncation_are_noted()
    {
        using SampleFolder folder = new SampleFolder().With(
            "tokenizer.json",
            """{"truncation": {"max_length": 1}, "padding": {"strategy": {"Fixed": 9}},""" + SampleFolder.SmallModel + "}");

        Tokenizer tokenizer = Tokenizer.Load(folder.Path);

        Assert.Equal([4, 3], tokenizer.Encode("abc"));
        Assert.Collection(
            tokenizer.Notes,
            note => Assert.Contains("truncation", note),
            note => Assert.Contains("padding", note));
    }

    [Fact]
    public void An_added_token_whose_id_does_not_follow_the_vocabulary_is_numbered_anew_and_noted()
    {
        using SampleFolder folder = new SampleFolder().With(
            "tokenizer.json",
            """{"added_tokens": [{"id": 9, "content": "<x>", "special": true}],""" + SampleFolder.SmallModel + "}");

        Tokenizer tokenizer = Tokenizer.Load(folder.Path);

        Assert.Equal([5], tokenizer.Encode("<x>"));
        Assert.Contains("<x>", Assert.Single(tokenizer.Notes));
        Assert.Equal(6, tokenizer.VocabularySize);
    }

    [Fact]
    public void Special_tokens_may_be_strings_or_objects_and_null_means_none()
    {
        using SampleFolder folder = Small()
            .With("tokenizer_config.json", """{"bos_token": {"content": "a"}, "eos_token": "b", "pad_token": null}""")
            .With("special_tokens_map.json", """{"bos_token": "c", "pad_token": "c"}""")
            .With("config.json", """{"pad_token_id": 3}""");

        Tokenizer tokenizer = Tokenizer.Load(folder.Path);

        Assert.Equal((1, 2, null, 0), (tokenizer.BosId, tokenizer.EosId, tokenizer.PadId, tokenizer.UnkId));
    }

    [Fact]
    public void Special_tokens_come_from_the_map_and_the_model_config_where_the_tokenizer_config_is_silent()
    {
        using SampleFolder folder = Small()
            .With("tokenizer_config.json", "{}")
            .With("special_tokens_map.json", """{"bos_token": "c"}""")
            .With("config.json", """{"eos_token_id": [2, 1], "pad_token_id": -1}""");

        Tokenizer tokenizer = Tokenizer.Load(folder.Path);

        Assert.Equal((3, 2, null), (tokenizer.BosId, tokenizer.EosId, tokenizer.PadId));
    }

    [Fact]
    public void A_special_token_outside_the_vocabulary_is_noted()
    {
        using SampleFolder folder = Small().With("tokenizer_config.json", """{"pad_token": "<nowhere>"}""");

        Tokenizer tokenizer = Tokenizer.Load(folder.Path);

        Assert.Null(tokenizer.PadId);
        Assert.Contains("<nowhere>", Assert.Single(tokenizer.Notes));
    }

    private static SampleFolder Small() =>
        new SampleFolder().With("tokenizer.json", "{" + SampleFolder.SmallModel + "}");

    private static ProximaException Refused(SampleFolder folder)
    {
        ProximaException error = Assert.Throws<ProximaException>(() => Tokenizer.Load(folder.Path));
        Assert.Equal(ExitCode.Data, error.ExitCode);
        return error;
    }
}
