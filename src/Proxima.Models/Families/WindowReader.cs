namespace Proxima.Models.Families;

/// <summary>Reads attention windows: layer_types of new files, or the rules that old ones imply.</summary>
internal static class WindowReader
{
    private const string Sliding = "sliding_attention";
    private const string Full = "full_attention";

    /// <summary>Qwen: a sliding_window counts only with use_sliding_window, from layer max_window_layers on.</summary>
    public static IReadOnlyList<int?> ReadSwitched(ConfigReader reader, int layerCount)
    {
        if (!reader.Flag("use_sliding_window", false))
        {
            return [];
        }

        int first = reader.Integer("max_window_layers", 28);
        return Read(reader, layerCount, reader.IntegerUnlessNull("sliding_window", 4096), layer => layer >= first);
    }

    /// <summary>Windows of all layers.</summary>
    /// <param name="reader">the config.json</param>
    /// <param name="layerCount">number of layers</param>
    /// <param name="window">of the layers that have one; null: none has</param>
    /// <param name="isSliding">which have one when layer_types does not say</param>
    public static IReadOnlyList<int?> Read(ConfigReader reader, int layerCount, int? window, Func<int, bool> isSliding)
    {
        if (window is null)
        {
            return [];
        }

        if (window < 1)
        {
            throw reader.Error("sliding_window", $"is {window}", "a positive number of tokens");
        }

        IReadOnlyList<string>? types = reader.Texts("layer_types");
        if (types is not null && types.Count != layerCount)
        {
            throw reader.Error("layer_types", $"has {types.Count} entries", $"{layerCount}, one for each layer");
        }

        if (types?.FirstOrDefault(type => type is not (Sliding or Full)) is string unknown)
        {
            throw reader.Unsupported("layer_types", unknown, $"{Sliding}, {Full}");
        }

        return [.. Enumerable.Range(0, layerCount).Select(layer => (types is null ? isSliding(layer) : types[layer] == Sliding) ? window : null)];
    }
}
