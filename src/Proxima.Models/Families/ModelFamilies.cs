namespace Proxima.Models.Families;

/// <summary>The families that Proxima knows.</summary>
internal static class ModelFamilies
{
    public static IReadOnlyList<ModelFamily> All { get; } =
    [
        Llama.Family,
        Qwen2.Family,
        Qwen3.Family,
        Mistral.Family,
        Gpt2.Family,
        Gemma.Family,
        Gemma2.Family,
        Ernie45.Family,
    ];

    /// <summary>The family of a class of transformers; null when it is unknown.</summary>
    public static ModelFamily? OfArchitecture(string architecture) =>
        All.FirstOrDefault(family => family.CausalArchitecture == architecture || family.ScoreArchitecture == architecture || family.FormerArchitecture == architecture);

    /// <summary>The family with a model_type; null when it is unknown.</summary>
    public static ModelFamily? Named(string? modelType) => All.FirstOrDefault(family => family.ModelType == modelType);

    /// <summary>The family of a configuration that was read.</summary>
    public static ModelFamily OfModelType(string modelType) => All.First(family => family.ModelType == modelType);
}
