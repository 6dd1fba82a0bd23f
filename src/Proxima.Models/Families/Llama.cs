namespace Proxima.Models.Families;

/// <summary>Llama 1 to 3.2: the common decoder, with biases where the configuration asks for them.</summary>
internal static class Llama
{
    public static ModelFamily Family { get; } = new("llama", "LlamaForCausalLM", "LlamaForSequenceClassification", Describe)
    {
        FormerArchitecture = "LLaMAForCausalLM",
    };

    private static ModelConfig Describe(ConfigReader reader)
    {
        CommonDecoder.RequireSilu(reader);
        ModelConfig config = CommonDecoder.Describe(reader, Family.ModelType, new() { BosTokenId = 1, EosTokenId = 2 });
        bool attentionBias = reader.Flag("attention_bias", false);
        return config with
        {
            Traits = config.Traits with
            {
                QueryKeyValueBias = attentionBias,
                OutputBias = attentionBias,
                FeedForwardBias = reader.Flag("mlp_bias", false),
            },
        };
    }
}
