namespace Proxima.Core.Settings;

/// <summary>What <c>doctor</c> looks at.</summary>
[ArgumentGroup("Doctor")]
public sealed record DoctorSettings
{
    [Argument("look at this model folder instead of the machine: what it holds, and whether it computes what it should")]
    public string? Model { get; init; }

    [Argument("folder of runs, whose disk is looked at", Default = "the current folder")]
    public string? OutputDir { get; init; }

    [Argument("read model files through symbolic links that lead out of their folder, as in the cache of a download tool")]
    public bool FollowModelLinks { get; init; }
}
