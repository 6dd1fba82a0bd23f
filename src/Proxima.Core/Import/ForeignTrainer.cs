namespace Proxima.Core.Import;

/// <summary>Another trainer whose arguments can be taken over.</summary>
public sealed record ForeignTrainer
{
    /// <summary>As it calls itself.</summary>
    public required string Name { get; init; }

    /// <summary>The preset with its algorithm.</summary>
    public required string Preset { get; init; }

    public required IReadOnlyList<ImportRule> Rules { get; init; }

    /// <summary>Arguments of <c>ppo</c> worked out from several: the values as written → name, value, why.</summary>
    public required Func<ForeignValues, IEnumerable<(string Target, string Text, string Why)>> WorkOut { get; init; }
}
