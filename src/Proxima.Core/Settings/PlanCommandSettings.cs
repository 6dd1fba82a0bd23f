namespace Proxima.Core.Settings;

/// <summary>The arguments of the command <c>plan</c> that no run has; it takes all those of <c>ppo</c> too.</summary>
public sealed record PlanCommandSettings
{
    public PlanSettings Plan { get; init; } = new();
}
