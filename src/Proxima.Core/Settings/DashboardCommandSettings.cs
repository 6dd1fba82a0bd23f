namespace Proxima.Core.Settings;

/// <summary>Every argument of the command <c>dashboard</c>.</summary>
public sealed record DashboardCommandSettings
{
    public DashboardSettings Dashboard { get; init; } = new();
}
