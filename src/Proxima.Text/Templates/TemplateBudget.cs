namespace Proxima.Text.Templates;

/// <summary>What one rendering may take: a template comes with a model folder and is not trusted.</summary>
public sealed record TemplateBudget
{
    /// <summary>Expressions evaluated and items visited.</summary>
    public long MaxSteps { get; init; } = 5_000_000;

    /// <summary>Characters made on the way, the output included; an item of a list counts for several.</summary>
    public long MaxSize { get; init; } = 64_000_000;

    /// <summary>Macros, callers and recursive loops inside each other.</summary>
    public int MaxCallDepth { get; init; } = 200;
}
