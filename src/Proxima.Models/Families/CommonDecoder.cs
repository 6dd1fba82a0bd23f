namespace Proxima.Models.Families;

/// <summary>Reads what most families write alike. A family gives the values that its class of transformers has where config.json has none.</summary>
internal static class CommonDecoder
{
    /// <param name="reader">the config.json</param>
    /// <param name="family">name of the family</param>
    /// <param name="defaults">values of the class of transformers</param>
    public static ModelConfig Describe(ConfigReader reader, string family, FamilyDefaults defaults)
    {
        int hiddenSize = reader.Integer("hidden_size");
        int headCount = reader.Integer("num_attention_heads");
        int layerCount = reader.Layers("num_hidden_layers");
        int maxPositions = reader.Integer("max_position_embeddings", defaults.MaxPositions);
        return new()
        {
            Architecture = "",
            ModelType = family,
            HiddenSize = hiddenSize,
            IntermediateSize = reader.Integer("intermediate_size"),
            LayerCount = layerCount,
            HeadCount = headCount,
            KeyValueHeadCount = reader.IntegerUnlessNull("num_key_value_heads", KeyHeads(defaults, headCount)) ?? headCount,
            HeadSize = reader.Integer("head_dim", defaults.HeadSize ?? hiddenSize / Math.Max(headCount, 1)),
            VocabularySize = reader.Integer("vocab_size"),
            MaxPositions = maxPositions,
            TieWordEmbeddings = reader.Flag("tie_word_embeddings", defaults.TieWordEmbeddings),
            EosTokenIds = reader.Has("eos_token_id") || defaults.EosTokenId is null ? reader.Ids("eos_token_id") : [defaults.EosTokenId.Value],
            PadTokenId = reader.OptionalInteger("pad_token_id") ?? defaults.PadTokenId,
            BosTokenId = reader.OptionalInteger("bos_token_id") ?? defaults.BosTokenId,
            Traits = new()
            {
                NormEpsilon = reader.Number("rms_norm_eps", defaults.NormEpsilon),
                Frequencies = RotaryReader.Read(reader, defaults.Theta, maxPositions),
            },
        };
    }

    /// <summary>The class's number where it fits the heads; a file that leaves it out for other numbers of heads means one each.</summary>
    private static int? KeyHeads(FamilyDefaults defaults, int headCount) =>
        defaults.KeyValueHeadCount is int count && headCount % count == 0 ? count : null;

    /// <summary>Refuses an activation of the feed-forward blocks other than SiLU.</summary>
    public static void RequireSilu(ConfigReader reader) => RequireActivation(reader, "hidden_act", "silu", "swish");

    /// <summary>Refuses an activation other than the expected ones.</summary>
    public static void RequireActivation(ConfigReader reader, string key, params string[] expected)
    {
        if (reader.Text(key) is string activation && !expected.Contains(activation))
        {
            throw reader.Unsupported(key, activation, string.Join(", ", expected));
        }
    }

    /// <summary>Refuses a switch that is on.</summary>
    public static void RequireOff(ConfigReader reader, params string[] keys)
    {
        foreach (string key in keys)
        {
            if (reader.Flag(key, false))
            {
                throw reader.Unsupported(key, "true", "false");
            }
        }
    }
}
