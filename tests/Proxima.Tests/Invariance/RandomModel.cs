using System.Text.Json.Nodes;
using CsCheck;
using Proxima.Core;
using Proxima.Models;
using Proxima.Models.Layers;
using Proxima.Models.Weights;
using Proxima.Tests.Models;
using static TorchSharp.torch;

namespace Proxima.Tests.Invariance;

/// <summary>Configurations that CsCheck draws, with random weights: every family with every option it knows.</summary>
internal static class RandomModel
{
    private static readonly (string Architecture, string ModelType)[] Families =
    [
        ("LlamaForCausalLM", "llama"), ("Qwen2ForCausalLM", "qwen2"), ("Qwen3ForCausalLM", "qwen3"), ("MistralForCausalLM", "mistral"),
        ("GemmaForCausalLM", "gemma"), ("Gemma2ForCausalLM", "gemma2"), ("Ernie4_5ForCausalLM", "ernie4_5"), ("GPT2LMHeadModel", "gpt2"),
    ];

    /// <summary>The text of a config.json.</summary>
    public static Gen<string> Config { get; } = Gen.Int[0, Families.Length - 1].SelectMany(family => Gen.Select(
        Gen.Int[1, 3], Gen.Int[0, 2], Gen.Int[1, 5], Gen.Int[1, 3], Gen.Bool.Array[6], Gen.Int[0, 2], Gen.Int[1, 6],
        (keyHeads, group, headSize, layers, flags, scaling, window) => Families[family].ModelType == "gpt2"
            ? Gpt2(keyHeads + group, headSize, layers, flags)
            : Decoder(family, (keyHeads, group + 1, headSize), layers, flags, scaling, window)));

    /// <summary>Writes config.json and weights of its shapes into a folder.</summary>
    /// <param name="folder">an empty folder</param>
    /// <param name="config">text of the config.json</param>
    /// <param name="type">stored type of the weights</param>
    public static void Write(TemporaryFolder folder, string config, ScalarType type = ScalarType.Float32)
    {
        using var scope = NewDisposeScope();
        folder.Write("config.json", config);
        ModelConfig described = ModelConfig.Load(folder.Path);
        Dictionary<string, Tensor> weights = [];
        foreach (ParameterSpec spec in DecoderParameters.Of(described))
        {
            bool isNorm = spec.Name.Contains("norm", StringComparison.Ordinal) || spec.Name.Contains("ln_", StringComparison.Ordinal);
            var noise = Normal(spec.Shape, weights.Count) * 0.3;
            weights[spec.Name] = (isNorm && spec.Name.EndsWith("weight", StringComparison.Ordinal) ? noise + 1 : noise).to_type(type);
        }

        if (!described.TieWordEmbeddings)
        {
            weights["lm_head.weight"] = (Normal([described.VocabularySize, described.HiddenSize], weights.Count) * 0.3).to_type(type);
        }

        SafetensorsWriter.Write(folder.Combine("model.safetensors"), weights, SafetensorsWriter.TorchMetadata);
    }

    private static Tensor Normal(IReadOnlyList<long> shape, int seed)
    {
        var random = new CounterRandom(seed, RandomPurpose.HeadInitialisation);
        float[] numbers = [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => (float)random.NextNormal())];
        return tensor(numbers).view([.. shape]);
    }

    private static string Decoder(int family, (int KeyHeads, int Group, int HalfHead) heads, int layers, bool[] flags, int scaling, int window)
    {
        (string architecture, string modelType) = Families[family];
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray(architecture),
            ["model_type"] = modelType,
            ["hidden_size"] = 12,
            ["intermediate_size"] = 14,
            ["num_hidden_layers"] = layers,
            ["vocab_size"] = 37,
            ["max_position_embeddings"] = 64,
            ["num_attention_heads"] = heads.KeyHeads * heads.Group,
            ["num_key_value_heads"] = heads.KeyHeads,
            ["head_dim"] = 2 * heads.HalfHead,
            ["tie_word_embeddings"] = flags[0],
            ["attention_bias"] = flags[1],
            ["mlp_bias"] = flags[2],
            ["use_bias"] = flags[1],
            ["use_sliding_window"] = flags[3],
            ["max_window_layers"] = 1,
            ["query_pre_attn_scalar"] = 5,
            ["eos_token_id"] = 2,
            ["hidden_activation"] = "gelu_pytorch_tanh",
        };
        config["sliding_window"] = flags[3] ? window : null;
        if (modelType == "gemma2")
        {
            config["sliding_window"] = window;
            config["attn_logit_softcapping"] = flags[4] ? 3.0 : null;
            config["final_logit_softcapping"] = flags[5] ? 2.0 : null;
        }

        AddFrequencies(config, scaling, isNewStyle: flags[4]);
        return config.ToJsonString();
    }

    private static void AddFrequencies(JsonObject config, int scaling, bool isNewStyle)
    {
        JsonObject frequencies = scaling switch
        {
            0 => new JsonObject { ["rope_type"] = "default" },
            1 => new JsonObject { ["rope_type"] = "linear", ["factor"] = 3.0 },
            _ => new JsonObject
            {
                ["rope_type"] = "llama3",
                ["factor"] = 4.0,
                ["low_freq_factor"] = 1.0,
                ["high_freq_factor"] = 4.0,
                ["original_max_position_embeddings"] = 16,
            },
        };
        if (isNewStyle)
        {
            frequencies["rope_theta"] = 300.0;
            config["rope_parameters"] = frequencies;
        }
        else
        {
            config["rope_theta"] = 300.0;
            config["rope_scaling"] = scaling == 0 ? null : frequencies;
        }
    }

    private static string Gpt2(int heads, int headSize, int layers, bool[] flags)
    {
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray("GPT2LMHeadModel"),
            ["model_type"] = "gpt2",
            ["n_embd"] = heads * headSize,
            ["n_head"] = heads,
            ["n_layer"] = layers,
            ["n_positions"] = 64,
            ["vocab_size"] = 37,
            ["n_inner"] = flags[0] ? 9 : null,
            ["scale_attn_weights"] = flags[1],
            ["tie_word_embeddings"] = flags[2],
            ["eos_token_id"] = 2,
        };
        return config.ToJsonString();
    }
}
