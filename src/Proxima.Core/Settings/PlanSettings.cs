namespace Proxima.Core.Settings;

/// <summary>Arguments that <c>plan</c> has beside those of the run.</summary>
[ArgumentGroup("Plan")]
public sealed record PlanSettings
{
    [Argument("print one JSON object in place of the tables")]
    public bool Json { get; init; }

    [Argument("memory of the machine that will run it, in GB", Default = "what is free on this one")]
    [Bounds(Above = 0)]
    public double? MemoryGb { get; init; }

    [Argument("ranks that share the run: adds what each kind of sharding takes and sends")]
    [Bounds(AtLeast = 1, AtMost = 4096)]
    public int Ranks { get; init; } = 1;

    [Argument("microseconds from one rank to another before the first byte comes; the default is a guess")]
    [Bounds(AtLeast = 0)]
    public double LatencyUs { get; init; } = 50;

    [Argument("GB/s from one rank to another; the default is a guess")]
    [Bounds(Above = 0)]
    public double BandwidthGbPerS { get; init; } = 1;
}
