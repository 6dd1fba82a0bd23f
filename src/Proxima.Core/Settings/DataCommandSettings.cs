namespace Proxima.Core.Settings;

/// <summary>Every argument of the command <c>data check</c>.</summary>
public sealed record DataCheckCommandSettings
{
    public DataCheckSettings Check { get; init; } = new();
}

/// <summary>Every argument of the command <c>data convert</c>.</summary>
public sealed record DataConvertCommandSettings
{
    public DataConvertSettings Convert { get; init; } = new();
}
