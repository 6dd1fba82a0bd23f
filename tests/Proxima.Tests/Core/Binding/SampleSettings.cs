using Proxima.Core.Settings;

namespace Proxima.Tests.Core.Binding;

/// <summary>A settings record of no command, with one argument of each type.</summary>
internal sealed record SampleSettings
{
    public SampleNumbers Numbers { get; init; } = new();

    public SampleTexts Texts { get; init; } = new();
}

[ArgumentGroup("Numbers")]
internal sealed record SampleNumbers
{
    [Argument("a count")]
    [Bounds(AtLeast = 1, Or = -1)]
    public int CountOfThings { get; init; } = 3;

    [Argument("a big number")]
    public long BigSeed { get; init; } = 42;

    [Argument("a share")]
    [Bounds(AtLeast = 0, Below = 1)]
    public double Beta2 { get; init; } = 0.5;

    [Argument("a limit")]
    public double? ClipRange { get; init; } = 0.2;

    [Argument("a switch")]
    public bool DoIt { get; init; }

    [Argument("a switch with a third state")]
    public bool? MaybeDoIt { get; init; }

    [Argument("ids")]
    [Bounds(AtLeast = 0)]
    public IReadOnlyList<int>? StopIds { get; init; }
}

[ArgumentGroup("Texts")]
internal sealed record SampleTexts
{
    [Argument("a path")]
    public string? PathOrNone { get; init; }

    [Argument("a text")]
    public string Title { get; init; } = "";

    [Argument("words")]
    public IReadOnlyList<string>? Words { get; init; }

    [Argument("a level")]
    public OptLevel Level { get; init; } = OptLevel.O1;

    [Argument("a stage")]
    public Sharding Stage { get; init; } = Sharding.None;

    [Argument("a part")]
    public RecomputeGranularity Part { get; init; } = RecomputeGranularity.Full;
}
