using System.Text.Json.Nodes;
using Proxima.Core;
using Proxima.Models;

namespace Proxima.Tests.Models;

public sealed class ModelConfigTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Llama_1_without_head_size_padding_and_key_heads_gets_the_values_of_its_class()
    {
        ModelConfig config = Load("""
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 64, "intermediate_size": 172, "num_hidden_layers": 3,
             "num_attention_heads": 4, "vocab_size": 100, "rms_norm_eps": 1e-5, "max_sequence_length": 512, "torch_dtype": "float16"}
            """);

        Assert.Equal((16, 4, 2048), (config.HeadSize, config.KeyValueHeadCount, config.MaxPositions));
        Assert.Equal((null, 1), (config.PadTokenId, config.BosTokenId));
        Assert.Equal([2], config.EosTokenIds);
        Assert.False(config.TieWordEmbeddings);
        Assert.Equal(10000, config.Traits.Frequencies.Theta);
    }

    [Fact]
    public void Stop_ids_are_those_of_the_model_and_of_its_generation_settings()
    {
        _folder.Write("generation_config.json", """{"eos_token_id": [2, 7]}""");

        Assert.Equal([2, 7], Load(Llama()).EosTokenIds);
    }

    [Theory]
    [InlineData("architectures", """["MixtralForCausalLM"]""", "architectures asks for MixtralForCausalLM")]
    [InlineData("architectures", """["Qwen2MoeForCausalLM"]""", "architectures asks for Qwen2MoeForCausalLM")]
    [InlineData("architectures", """["LlamaForTokenClassification"]""", "architectures asks for LlamaForTokenClassification")]
    [InlineData("quantization_config", """{"bits": 4}""", "quantization_config asks for a quantised model")]
    [InlineData("rope_scaling", """{"type": "yarn", "factor": 4}""", "rope_scaling asks for yarn")]
    [InlineData("rope_scaling", """{"rope_type": "dynamic", "factor": 4}""", "rope_scaling asks for dynamic")]
    [InlineData("rope_scaling", """{"rope_type": "linear"}""", "factor is missing")]
    [InlineData("rope_parameters", """{"rope_type": "longrope", "rope_theta": 1}""", "rope_parameters asks for longrope")]
    [InlineData("rope_scaling", """{"type": "mrope", "mrope_section": [1, 1, 2]}""", "rope_scaling asks for mrope")]
    [InlineData("rope_scaling", """{"rope_type": "llama3", "factor": 8, "high_freq_factor": 4}""", "low_freq_factor is missing")]
    [InlineData("rope_scaling", "\"linear\"", "rope_scaling is linear; expected an object")]
    [InlineData("rope_scaling", """{"type": "linear", "factor": 0}""", "factor is 0; expected a number above 0")]
    [InlineData("rope_parameters", """{"full_attention": {"rope_type": "default"}}""", "rope_parameters asks for frequencies of their own")]
    [InlineData("rope_parameters", """{"rope_type": "default", "partial_rotary_factor": 0.25}""", "partial_rotary_factor asks for 0.25")]
    [InlineData("partial_rotary_factor", "0.5", "partial_rotary_factor asks for 0.5")]
    [InlineData("num_attention_heads", "2.5", "num_attention_heads is 2.5; expected a whole number")]
    [InlineData("hidden_act", "\"relu\"", "hidden_act asks for relu")]
    [InlineData("hidden_size", "\"big\"", "hidden_size is big; expected a whole number")]
    [InlineData("hidden_size", "null", "hidden_size is missing")]
    [InlineData("num_key_value_heads", "3", "as many heads as a multiple of the key heads")]
    [InlineData("head_dim", "7", "head_dim is 7; expected an even size")]
    [InlineData("tie_word_embeddings", "1", "tie_word_embeddings is 1; expected true or false")]
    [InlineData("eos_token_id", "[\"a\"]", "eos_token_id is [\"a\"]; expected a token id")]
    public void What_is_unknown_or_not_supported_is_an_error_that_names_it(string key, string value, string message)
    {
        JsonObject config = JsonNode.Parse(Llama())!.AsObject();
        config[key] = JsonNode.Parse(value);

        ProximaException error = Assert.Throws<ProximaException>(() => Load(config.ToJsonString()));

        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.StartsWith(_folder.Combine("config.json"), error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_class_the_family_is_taken_for_a_language_model_and_without_both_there_is_an_error()
    {
        JsonObject config = JsonNode.Parse(Llama())!.AsObject();
        config.Remove("architectures");
        Assert.Equal("LlamaForCausalLM", Load(config.ToJsonString()).Architecture);
        config.Remove("model_type");
        Assert.Contains("architectures is missing", Assert.Throws<ProximaException>(() => Load(config.ToJsonString())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    public void A_malformed_file_is_an_error(string text) =>
        Assert.Equal(ExitCode.Data, Assert.Throws<ProximaException>(() => Load(text)).ExitCode);

    [Theory]
    [InlineData(false, null, new int[0])]
    [InlineData(true, null, new[] { -1, -1, 8 })] // from max_window_layers on
    [InlineData(true, """["sliding_attention", "full_attention", "full_attention"]""", new[] { 8, -1, -1 })]
    public void The_window_of_Qwen_counts_only_when_it_is_switched_on(bool isOn, string? layerTypes, int[] expected)
    {
        JsonObject config = JsonNode.Parse(Llama())!.AsObject();
        config["architectures"] = new JsonArray("Qwen2ForCausalLM");
        config["num_hidden_layers"] = 3;
        config["sliding_window"] = 8;
        config["max_window_layers"] = 2;
        config["use_sliding_window"] = isOn;
        config["layer_types"] = layerTypes is null ? null : JsonNode.Parse(layerTypes);

        Assert.Equal(expected, Load(config.ToJsonString()).Traits.Windows.Select(window => window ?? -1));
    }

    [Fact]
    public void An_unknown_kind_of_layer_is_named()
    {
        JsonObject config = JsonNode.Parse(Llama())!.AsObject();
        config["architectures"] = new JsonArray("MistralForCausalLM");
        config["sliding_window"] = 8;
        config["layer_types"] = new JsonArray("chunked_attention", "full_attention");

        Assert.Contains("layer_types asks for chunked_attention", Assert.Throws<ProximaException>(() => Load(config.ToJsonString())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_classifier_that_names_no_labels_has_two_as_in_transformers()
    {
        JsonObject config = JsonNode.Parse(Llama())!.AsObject();
        config["architectures"] = new JsonArray("LlamaForSequenceClassification");
        Assert.Equal(2, Load(config.ToJsonString()).LabelCount);
        config["num_labels"] = 1;
        Assert.Equal(1, Load(config.ToJsonString()).LabelCount);
    }

    public void Dispose() => _folder.Dispose();

    private static string Llama() => """
        {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2,
         "num_attention_heads": 4, "vocab_size": 96, "eos_token_id": 2}
        """;

    private ModelConfig Load(string config)
    {
        _folder.Write("config.json", config);
        return ModelConfig.Load(_folder.Path);
    }
}
