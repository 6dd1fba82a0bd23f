namespace Proxima.Models.Families;

/// <summary>Gemma 2: as Gemma 1, with norms after each half of a block too, soft caps, an own attention scale and windows in every other layer.</summary>
internal static class Gemma2
{
    public static ModelFamily Family { get; } = new("gemma2", "Gemma2ForCausalLM", "Gemma2ForSequenceClassification", Describe);

    private static ModelConfig Describe(ConfigReader reader)
    {
        CommonDecoder.RequireActivation(reader, "hidden_activation", "gelu_pytorch_tanh");
        CommonDecoder.RequireOff(reader, "use_bidirectional_attention");
        ModelConfig config = CommonDecoder.Describe(reader, Family.ModelType, Gemma.Defaults with { KeyValueHeadCount = 4 });
        return config with
        {
            Traits = Gemma.WithGemmaTraits(config, reader) with
            {
                ResultNorms = true,
                AttentionScale = Math.Pow(reader.Number("query_pre_attn_scalar", 256), -0.5),
                AttentionSoftCap = reader.NumberUnlessNull("attn_logit_softcapping", 50),
                LogitSoftCap = reader.NumberUnlessNull("final_logit_softcapping", 30),
                Windows = WindowReader.Read(reader, config.LayerCount, reader.IntegerUnlessNull("sliding_window", 4096), layer => layer % 2 == 0),
                Names = new() { FeedForwardNorm = "pre_feedforward_layernorm" },
            },
        };
    }
}
