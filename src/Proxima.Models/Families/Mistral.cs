namespace Proxima.Models.Families;

/// <summary>Mistral: the common decoder with one window for all layers.</summary>
internal static class Mistral
{
    public static ModelFamily Family { get; } = new("mistral", "MistralForCausalLM", "MistralForSequenceClassification", Describe);

    private static ModelConfig Describe(ConfigReader reader)
    {
        CommonDecoder.RequireSilu(reader);
        ModelConfig config = CommonDecoder.Describe(reader, Family.ModelType, new() { MaxPositions = 131072, KeyValueHeadCount = 8, BosTokenId = 1, EosTokenId = 2 });
        int? window = reader.IntegerUnlessNull("sliding_window", 4096);
        return config with
        {
            Traits = config.Traits with { Windows = WindowReader.Read(reader, config.LayerCount, window, _ => true) },
        };
    }
}
