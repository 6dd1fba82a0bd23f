namespace Proxima.Text.Templates;

/// <summary>What a chat template has around it.</summary>
public sealed record ChatTemplateOptions
{
    /// <summary>What <c>strftime_now</c> reads.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What parsing, and each rendering, may take.</summary>
    public TemplateBudget Budget { get; init; } = new();

    /// <summary>Variables such as <c>bos_token</c>; a model folder brings its own.</summary>
    public IReadOnlyDictionary<string, string> SpecialTokens { get; init; } = new Dictionary<string, string>();
}
