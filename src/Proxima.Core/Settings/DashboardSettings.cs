namespace Proxima.Core.Settings;

/// <summary>Where the page of runs is served, and to whom.</summary>
[ArgumentGroup("Dashboard")]
public sealed record DashboardSettings
{
    [Argument("address to listen at; any but one of this machine itself needs token_env")]
    public string Host { get; init; } = "127.0.0.1";

    [Argument("port; 0: any that is free")]
    [Bounds(AtLeast = 0, AtMost = 65535)]
    public int Port { get; init; } = 6060;

    [Argument("environment variable with the token that visitors have to give, 16 characters or more")]
    public string? TokenEnv { get; init; }
}
