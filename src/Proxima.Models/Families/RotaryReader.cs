namespace Proxima.Models.Families;

/// <summary>Reads rotary frequencies: rope_parameters of new files, rope_theta and rope_scaling of old ones.</summary>
internal static class RotaryReader
{
    public static RotaryFrequencies Read(ConfigReader reader, double defaultTheta)
    {
        ConfigReader? parameters = reader.Below("rope_parameters");
        ConfigReader? scaling = parameters ?? reader.Below("rope_scaling");
        double theta = parameters?.OptionalNumber("rope_theta") ?? reader.Number("rope_theta", defaultTheta);
        if ((parameters ?? reader).Number("partial_rotary_factor", 1) is not 1 and var share)
        {
            throw reader.Unsupported("partial_rotary_factor", $"{share}", "1");
        }

        string kind = scaling?.Text("rope_type") ?? scaling?.Text("type") ?? "default";
        RotaryFrequencies plain = new() { Theta = theta };
        return kind switch
        {
            "default" => plain,
            "linear" => plain with { Scaling = RotaryScaling.Linear, Factor = scaling!.Number("factor") },
            "llama3" => plain with
            {
                Scaling = RotaryScaling.Llama3,
                Factor = scaling!.Number("factor"),
                LowFrequencyFactor = scaling.Number("low_freq_factor"),
                HighFrequencyFactor = scaling.Number("high_freq_factor"),
                OriginalMaxPositions = scaling.Integer("original_max_position_embeddings"),
            },
            _ => throw reader.Unsupported(parameters is null ? "rope_scaling" : "rope_parameters", kind, "default, linear, llama3"),
        };
    }
}
