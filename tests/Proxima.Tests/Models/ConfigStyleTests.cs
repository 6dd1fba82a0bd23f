using System.Text.Json.Nodes;
using Proxima.Models;

namespace Proxima.Tests.Models;

/// <summary>The many ways in which published files say the same.</summary>
public sealed class ConfigStyleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("""{"rope_theta": 5e5}""")]
    [InlineData("""{"rope_theta": 500000, "rope_scaling": null}""")]
    [InlineData("""{"rope_theta": 500000.0, "rope_scaling": {"type": "default"}}""")]
    [InlineData("""{"rope_scaling": {"rope_type": "default", "rope_theta": 500000.0}}""")]
    [InlineData("""{"rope_parameters": {"rope_type": "default", "rope_theta": 500000.0}}""")]
    [InlineData("""{"rope_parameters": {"rope_theta": 500000.0}}""")]
    [InlineData("""{"rope_parameters": null, "rope_theta": 500000.0}""")]
    [InlineData("""{"rope_parameters": {"rope_type": "default", "rope_theta": 500000.0, "partial_rotary_factor": 1.0}, "rope_theta": 1.0}""")]
    public void Plain_frequencies(string keys) => Assert.Equal(new RotaryFrequencies { Theta = 500000 }, Frequencies(keys));

    [Theory]
    [InlineData("""{"rope_scaling": {"type": "linear", "factor": 4}}""")]
    [InlineData("""{"rope_scaling": {"rope_type": "linear", "factor": 4.0}, "rope_theta": 10000}""")]
    [InlineData("""{"rope_parameters": {"rope_type": "linear", "factor": 4.0, "rope_theta": 10000.0}}""")]
    public void Frequencies_slowed_down_alike(string keys) =>
        Assert.Equal(new RotaryFrequencies { Scaling = RotaryScaling.Linear, Factor = 4 }, Frequencies(keys));

    [Theory]
    [InlineData("""{"rope_scaling": {"rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4, "original_max_position_embeddings": 64}}""")]
    [InlineData("""{"rope_scaling": {"type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4}, "original_max_position_embeddings": 64}""")]
    [InlineData("""{"rope_scaling": {"type": "llama3", "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 64.0}}""")]
    [InlineData("""{"rope_parameters": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0}, "max_position_embeddings": 64}""")]
    public void Frequencies_of_Llama_3(string keys) => Assert.Equal(
        new RotaryFrequencies { Scaling = RotaryScaling.Llama3, Factor = 8, LowFrequencyFactor = 1, HighFrequencyFactor = 4, OriginalMaxPositions = 64 },
        Frequencies(keys));

    [Theory]
    [InlineData("LlamaForCausalLM", "swish", "llama")]
    [InlineData("LLaMAForCausalLM", "silu", "llama")]
    [InlineData("MistralForCausalLM", "silu", "mistral")]
    [InlineData("Qwen2ForCausalLM", "silu", "qwen2")]
    [InlineData("Qwen3ForCausalLM", "silu", "qwen3")]
    [InlineData("Ernie4_5ForCausalLM", "silu", "ernie4_5")]
    [InlineData("Ernie4_5_ForCausalLM", "silu", "ernie4_5")]
    [InlineData("GemmaForCausalLM", "gelu", "gemma")]
    [InlineData("GemmaForCausalLM", "gelu_pytorch_tanh", "gemma")]
    [InlineData("Gemma2ForCausalLM", "gelu_pytorch_tanh", "gemma2")]
    public void Classes_and_activations_of_each_family(string architecture, string activation, string family) =>
        Assert.Equal(family, Load($$"""{"architectures": ["{{architecture}}"], "hidden_act": "{{activation}}"}""").ModelType);

    [Theory]
    [InlineData("MistralForCausalLM", "{}", 4096)]
    [InlineData("MistralForCausalLM", """{"sliding_window": null}""", -1)]
    [InlineData("MistralForCausalLM", """{"sliding_window": 3}""", 3)]
    [InlineData("Qwen2ForCausalLM", """{"sliding_window": 3, "use_sliding_window": false}""", -1)]
    [InlineData("Qwen2ForCausalLM", """{"sliding_window": null, "use_sliding_window": true, "max_window_layers": 0}""", -1)]
    [InlineData("Qwen3ForCausalLM", """{"sliding_window": 3, "use_sliding_window": true, "max_window_layers": 0}""", 3)]
    [InlineData("Gemma2ForCausalLM", """{"sliding_window": 5}""", 5)]
    [InlineData("LlamaForCausalLM", """{"sliding_window": 5}""", -1)]
    public void The_window_of_the_first_layer(string architecture, string keys, int expected)
    {
        JsonObject config = JsonNode.Parse(keys)!.AsObject();
        config["architectures"] = new JsonArray(architecture);

        Assert.Equal(expected, Load(config.ToJsonString()).Traits.WindowOf(0) ?? -1);
    }

    [Theory]
    [InlineData("LlamaForCausalLM", 4)]
    [InlineData("MistralForCausalLM", 8)]
    [InlineData("Qwen2ForCausalLM", 32)]
    [InlineData("Qwen3ForCausalLM", 32)]
    [InlineData("GemmaForCausalLM", 16)]
    [InlineData("Gemma2ForCausalLM", 4)]
    [InlineData("Ernie4_5ForCausalLM", 2)]
    public void Key_heads_that_are_not_named_are_those_of_the_class_and_null_means_as_many_as_heads(string architecture, int ofTheClass)
    {
        int heads = Math.Max(4, ofTheClass);
        string Config(string keyHeads) => $$"""{"architectures": ["{{architecture}}"], "num_attention_heads": {{heads}}, "hidden_size": 64{{keyHeads}}}""";

        Assert.Equal(ofTheClass, Load(Config("")).KeyValueHeadCount);
        Assert.Equal(heads, Load(Config(", \"num_key_value_heads\": null")).KeyValueHeadCount);
        Assert.Equal(1, Load(Config(", \"num_key_value_heads\": 1")).KeyValueHeadCount);
    }

    [Theory]
    [InlineData("LlamaForCausalLM", false, 8)]
    [InlineData("MistralForCausalLM", false, 8)]
    [InlineData("Qwen2ForCausalLM", false, 8)]
    [InlineData("Qwen3ForCausalLM", false, 128)]
    [InlineData("GemmaForCausalLM", true, 256)]
    [InlineData("Gemma2ForCausalLM", true, 256)]
    [InlineData("Ernie4_5ForCausalLM", true, 128)]
    public void Tying_and_head_sizes_that_are_not_named_are_those_of_the_class(string architecture, bool isTied, int headSize)
    {
        ModelConfig config = Load($$"""{"architectures": ["{{architecture}}"], "num_key_value_heads": 2}""");

        Assert.Equal((isTied, headSize), (config.TieWordEmbeddings, config.HeadSize));
    }

    [Fact]
    public void Soft_caps_of_Gemma_2_are_those_of_its_class_unless_null_takes_them_off()
    {
        DecoderTraits usual = Load("""{"architectures": ["Gemma2ForCausalLM"]}""").Traits;
        DecoderTraits none = Load("""{"architectures": ["Gemma2ForCausalLM"], "attn_logit_softcapping": null, "final_logit_softcapping": null}""").Traits;

        Assert.Equal((50, 30), (usual.AttentionSoftCap, usual.LogitSoftCap));
        Assert.Equal((null, null), (none.AttentionSoftCap, none.LogitSoftCap));
    }

    public void Dispose() => _folder.Dispose();

    private RotaryFrequencies Frequencies(string keys) => Load(keys).Traits.Frequencies;

    private ModelConfig Load(string keys)
    {
        JsonObject config = JsonNode.Parse("""
            {"architectures": ["LlamaForCausalLM"], "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, "vocab_size": 96}
            """)!.AsObject();
        foreach ((string key, JsonNode? value) in JsonNode.Parse(keys)!.AsObject())
        {
            config[key] = value?.DeepClone();
        }

        _folder.Write("config.json", config.ToJsonString());
        return ModelConfig.Load(_folder.Path);
    }
}
