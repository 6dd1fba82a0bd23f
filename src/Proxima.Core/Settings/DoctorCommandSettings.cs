namespace Proxima.Core.Settings;

/// <summary>Every argument of the command <c>doctor</c>.</summary>
public sealed record DoctorCommandSettings
{
    public DoctorSettings Doctor { get; init; } = new();
}
