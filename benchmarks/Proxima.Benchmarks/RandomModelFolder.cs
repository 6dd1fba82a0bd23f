using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Proxima.Core;

namespace Proxima.Benchmarks;

/// <summary>A Llama folder with random weights: what a model costs does not depend on what it has learnt.</summary>
internal sealed record RandomModelFolder
{
    private const double Deviation = 0.02;

    /// <summary>The same numbers again and again.</summary>
    private const int DrawnNumbers = 1 << 20;

    public required int HiddenSize { get; init; }

    public required int LayerCount { get; init; }

    public required int HeadCount { get; init; }

    public required int KeyValueHeadCount { get; init; }

    public required int IntermediateSize { get; init; }

    public required int VocabularySize { get; init; }

    /// <summary>The shape called 15M.</summary>
    public static RandomModelFolder FifteenMillion { get; } = new()
    {
        HiddenSize = 288,
        LayerCount = 6,
        HeadCount = 6,
        KeyValueHeadCount = 6,
        IntermediateSize = 768,
        VocabularySize = 32000,
    };

    /// <summary>The shape called 135M, that of SmolLM2.</summary>
    public static RandomModelFolder HundredThirtyFiveMillion { get; } = new()
    {
        HiddenSize = 576,
        LayerCount = 30,
        HeadCount = 9,
        KeyValueHeadCount = 3,
        IntermediateSize = 1536,
        VocabularySize = 49152,
    };

    /// <summary>The shape of stories260k.</summary>
    public static RandomModelFolder Stories { get; } = new()
    {
        HiddenSize = 64,
        LayerCount = 5,
        HeadCount = 8,
        KeyValueHeadCount = 4,
        IntermediateSize = 172,
        VocabularySize = 512,
    };

    /// <summary>The shape of Qwen2.5-0.5B.</summary>
    public static RandomModelFolder HalfBillion { get; } = new()
    {
        HiddenSize = 896,
        LayerCount = 24,
        HeadCount = 14,
        KeyValueHeadCount = 2,
        IntermediateSize = 4864,
        VocabularySize = 151936,
    };

    /// <summary>Weights of the matrix that is embedding and head.</summary>
    public long HeadParameters => (long)VocabularySize * HiddenSize;

    /// <summary>Weights of the blocks.</summary>
    public long BlockParameters => Parameters - HeadParameters;

    /// <summary>All weights.</summary>
    public long Parameters => Weights().Sum(weight => Count(weight.Shape));

    /// <summary>Writes config.json and model.safetensors, with one matrix for input and output.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), Config());
        List<(string Name, int[] Shape)> weights = [.. Weights()];
        Dictionary<string, object> header = [];
        long offset = 0;
        foreach ((string name, int[] shape) in weights)
        {
            long bytes = sizeof(float) * Count(shape);
            header[name] = new { dtype = "F32", shape, data_offsets = new[] { offset, offset + bytes } };
            offset += bytes;
        }

        byte[] json = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(header));
        using FileStream file = File.Create(Path.Combine(folder, "model.safetensors"));
        file.Write(BitConverter.GetBytes((long)json.Length));
        file.Write(json);
        var random = new CounterRandom(1, RandomPurpose.HeadInitialisation);
        float[] numbers = new float[DrawnNumbers];
        float[] ones = new float[HiddenSize];
        Array.Fill(ones, 1);
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (float)(Deviation * random.NextNormal());
        }

        foreach ((_, int[] shape) in weights)
        {
            float[] source = shape.Length == 1 ? ones : numbers;
            for (long left = Count(shape); left > 0; left -= source.Length)
            {
                file.Write(MemoryMarshal.AsBytes(source.AsSpan(0, (int)Math.Min(left, source.Length))));
            }
        }
    }

    private static long Count(int[] shape) => shape.Aggregate(1L, (product, size) => product * size);

    private string Config() => string.Create(CultureInfo.InvariantCulture, $$"""
        {
          "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", "rms_norm_eps": 1e-05,
          "hidden_size": {{HiddenSize}}, "num_hidden_layers": {{LayerCount}}, "num_attention_heads": {{HeadCount}},
          "num_key_value_heads": {{KeyValueHeadCount}}, "intermediate_size": {{IntermediateSize}}, "vocab_size": {{VocabularySize}},
          "max_position_embeddings": 2048, "tie_word_embeddings": true, "bos_token_id": 1, "eos_token_id": 2
        }
        """);

    private IEnumerable<(string Name, int[] Shape)> Weights()
    {
        int keys = HiddenSize / HeadCount * KeyValueHeadCount;
        yield return ("model.embed_tokens.weight", [VocabularySize, HiddenSize]);
        for (int layer = 0; layer < LayerCount; layer++)
        {
            string prefix = $"model.layers.{layer}";
            yield return ($"{prefix}.input_layernorm.weight", [HiddenSize]);
            yield return ($"{prefix}.self_attn.q_proj.weight", [HiddenSize, HiddenSize]);
            yield return ($"{prefix}.self_attn.k_proj.weight", [keys, HiddenSize]);
            yield return ($"{prefix}.self_attn.v_proj.weight", [keys, HiddenSize]);
            yield return ($"{prefix}.self_attn.o_proj.weight", [HiddenSize, HiddenSize]);
            yield return ($"{prefix}.post_attention_layernorm.weight", [HiddenSize]);
            yield return ($"{prefix}.mlp.gate_proj.weight", [IntermediateSize, HiddenSize]);
            yield return ($"{prefix}.mlp.up_proj.weight", [IntermediateSize, HiddenSize]);
            yield return ($"{prefix}.mlp.down_proj.weight", [HiddenSize, IntermediateSize]);
        }

        yield return ("model.norm.weight", [HiddenSize]);
    }
}
