namespace Proxima.Models.Families;

/// <summary>Qwen 3: norms on queries and keys, any head size; a window only where use_sliding_window asks for it.</summary>
internal static class Qwen3
{
    public static ModelFamily Family { get; } = new("qwen3", "Qwen3ForCausalLM", "Qwen3ForSequenceClassification", Describe);

    private static ModelConfig Describe(ConfigReader reader)
    {
        CommonDecoder.RequireSilu(reader);
        ModelConfig config = CommonDecoder.Describe(reader, Family.ModelType, new() { MaxPositions = 32768, HeadSize = 128, KeyValueHeadCount = 32 });
        bool attentionBias = reader.Flag("attention_bias", false);
        return config with
        {
            Traits = config.Traits with
            {
                QueryKeyNorms = true,
                QueryKeyValueBias = attentionBias,
                OutputBias = attentionBias,
                Windows = WindowReader.ReadSwitched(reader, config.LayerCount),
            },
        };
    }
}
