namespace Proxima.Models.Families;

/// <summary>Reads rotary frequencies: rope_parameters of new files, rope_theta and rope_scaling of old ones.</summary>
internal static class RotaryReader
{
    /// <param name="reader">the config.json</param>
    /// <param name="defaultTheta">θ where the file says nothing</param>
    /// <param name="maxPositions">longest text</param>
    public static RotaryFrequencies Read(ConfigReader reader, double defaultTheta, int maxPositions)
    {
        string section = reader.Has("rope_parameters") ? "rope_parameters" : "rope_scaling";
        ConfigReader? scaling = reader.Below(section);
        if (scaling is null && reader.Section(section) is { } other)
        {
            throw reader.Error(section, $"is {other}", "an object such as {\"rope_type\": \"linear\", \"factor\": 2.0}, or null");
        }

        double theta = scaling?.OptionalNumber("rope_theta") ?? reader.Number("rope_theta", defaultTheta);
        if ((scaling?.OptionalNumber("partial_rotary_factor") ?? reader.Number("partial_rotary_factor", 1)) is not 1 and var share)
        {
            throw reader.Unsupported("partial_rotary_factor", $"{share}", "1");
        }

        RotaryFrequencies plain = new() { Theta = theta };
        return scaling is null ? plain : Scale(plain, section, reader, scaling, maxPositions);
    }

    private static RotaryFrequencies Scale(RotaryFrequencies plain, string section, ConfigReader reader, ConfigReader scaling, int maxPositions)
    {
        if (scaling.Has("full_attention") || scaling.Has("sliding_attention"))
        {
            throw reader.Unsupported(section, "frequencies of their own for kinds of layers", "one set for all layers");
        }

        string kind = scaling.Text("rope_type") ?? scaling.Text("type") ?? "default";
        return kind switch
        {
            "default" => plain,
            "linear" => plain with { Scaling = RotaryScaling.Linear, Factor = Factor(scaling) },
            "llama3" => plain with
            {
                Scaling = RotaryScaling.Llama3,
                Factor = Factor(scaling),
                LowFrequencyFactor = scaling.Number("low_freq_factor"),
                HighFrequencyFactor = scaling.Number("high_freq_factor"),
                OriginalMaxPositions = OriginalPositions(reader, scaling, maxPositions),
            },
            _ => throw reader.Unsupported(section, kind, "default, linear, llama3"),
        };
    }

    private static double Factor(ConfigReader scaling) => scaling.Number("factor") is > 0 and var factor
        ? factor
        : throw scaling.Error("factor", $"is {scaling.Number("factor")}", "a number above 0");

    /// <summary>Some files say it beside the frequencies; where none does, the text was never made longer.</summary>
    private static int OriginalPositions(ConfigReader reader, ConfigReader scaling, int maxPositions)
    {
        const string Key = "original_max_position_embeddings";
        return scaling.OptionalInteger(Key) ?? reader.Integer(Key, maxPositions);
    }
}
