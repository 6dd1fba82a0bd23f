namespace Proxima.Core.Settings;

/// <summary>Every argument of the command <c>import-config</c>.</summary>
public sealed record ImportCommandSettings
{
    public ImportSettings Import { get; init; } = new();
}
