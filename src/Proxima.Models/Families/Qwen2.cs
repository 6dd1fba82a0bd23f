namespace Proxima.Models.Families;

/// <summary>Qwen 2 and 2.5: biases on queries, keys and values; a window only where use_sliding_window asks for it.</summary>
internal static class Qwen2
{
    public static ModelFamily Family { get; } = new("qwen2", "Qwen2ForCausalLM", "Qwen2ForSequenceClassification", Describe);

    private static ModelConfig Describe(ConfigReader reader)
    {
        CommonDecoder.RequireSilu(reader);
        ModelConfig config = CommonDecoder.Describe(reader, Family.ModelType, new() { MaxPositions = 32768, KeyValueHeadCount = 32 });
        return config with
        {
            Traits = config.Traits with
            {
                QueryKeyValueBias = true,
                Windows = WindowReader.ReadSwitched(reader, config.LayerCount),
            },
        };
    }
}
