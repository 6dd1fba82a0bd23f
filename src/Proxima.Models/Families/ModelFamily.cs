namespace Proxima.Models.Families;

/// <summary>A family of models: its names and how to read its config.json.</summary>
/// <param name="ModelType">model_type of config.json</param>
/// <param name="CausalArchitecture">class of its language models</param>
/// <param name="ScoreArchitecture">class of its sequence classifiers</param>
/// <param name="Describe">reads sizes and traits; the caller sets the architecture</param>
internal sealed record ModelFamily(string ModelType, string CausalArchitecture, string ScoreArchitecture, Func<ConfigReader, ModelConfig> Describe)
{
    /// <summary>Another name of the class in early files.</summary>
    public string? FormerArchitecture { get; init; }
}
