namespace Proxima.Models.Families;

/// <summary>
/// Gemma 1: norms multiply by 1 + weight, the embedding is scaled by √C, the feed-forward blocks use GELU. Its published
/// files say "gelu" where the tanh approximation is meant.
/// </summary>
internal static class Gemma
{
    public static ModelFamily Family { get; } = new("gemma", "GemmaForCausalLM", "GemmaForSequenceClassification", Describe);

    private static ModelConfig Describe(ConfigReader reader)
    {
        CommonDecoder.RequireActivation(reader, "hidden_act", "gelu", "gelu_pytorch_tanh");
        CommonDecoder.RequireActivation(reader, "hidden_activation", "gelu_pytorch_tanh");
        CommonDecoder.RequireOff(reader, "use_bidirectional_attention");
        ModelConfig config = CommonDecoder.Describe(reader, Family.ModelType, Defaults);
        return config with { Traits = WithGemmaTraits(config, reader) };
    }

    /// <summary>Values of the classes of Gemma and Gemma 2.</summary>
    public static FamilyDefaults Defaults { get; } = new()
    {
        MaxPositions = 8192,
        HeadSize = 256,
        KeyValueHeadCount = 16,
        TieWordEmbeddings = true,
        PadTokenId = 0,
        EosTokenId = 1,
        BosTokenId = 2,
    };

    /// <summary>What Gemma and Gemma 2 have in common.</summary>
    public static DecoderTraits WithGemmaTraits(ModelConfig config, ConfigReader reader)
    {
        bool attentionBias = reader.Flag("attention_bias", false);
        return config.Traits with
        {
            Norm = NormKind.RmsOnePlusWeight,
            Activation = Activation.GeluTanh,
            EmbeddingScale = Math.Sqrt(config.HiddenSize),
            QueryKeyValueBias = attentionBias,
            OutputBias = attentionBias,
        };
    }
}
