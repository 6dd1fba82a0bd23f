namespace Proxima.Core.Settings;

/// <summary>Every argument of the command <c>init</c>.</summary>
public sealed record InitCommandSettings
{
    public InitSettings Init { get; init; } = new();
}
