namespace Proxima.Models.Families;

/// <summary>
/// ERNIE 4.5, the dense ones: rotary pairs are neighbours, biases where use_bias asks for them. transformers has no sequence
/// classifier for it; Proxima's own has the layout of the others.
/// </summary>
internal static class Ernie45
{
    public static ModelFamily Family { get; } = new("ernie4_5", "Ernie4_5ForCausalLM", "Ernie4_5ForSequenceClassification", Describe)
    {
        FormerArchitecture = "Ernie4_5_ForCausalLM",
    };

    private static ModelConfig Describe(ConfigReader reader)
    {
        CommonDecoder.RequireSilu(reader);
        ModelConfig config = CommonDecoder.Describe(reader, Family.ModelType, new()
        {
            MaxPositions = 131072,
            HeadSize = 128,
            KeyValueHeadCount = 2,
            NormEpsilon = 1e-5,
            Theta = 500000,
            TieWordEmbeddings = true,
            PadTokenId = 0,
            BosTokenId = 1,
            EosTokenId = 2,
        });
        bool hasBias = reader.Flag("use_bias", false);
        return config with
        {
            Traits = config.Traits with
            {
                Positions = PositionKind.RotaryNeighbours,
                QueryKeyValueBias = hasBias,
                OutputBias = hasBias,
                FeedForwardBias = hasBias,
            },
        };
    }
}
