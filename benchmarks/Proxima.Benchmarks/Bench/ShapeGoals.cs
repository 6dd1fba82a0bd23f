namespace Proxima.Benchmarks.Bench;

/// <summary>What is wanted of generation with a model of some shape.</summary>
internal sealed record ShapeGoals
{
    public required string Name { get; init; }

    public required RandomModelFolder Model { get; init; }

    /// <summary>Steps to time.</summary>
    public required int Steps { get; init; }

    /// <summary>Responses at a time → times as fast as the plain path.</summary>
    public IReadOnlyList<(int Rows, double Target)> AgainstEager { get; init; } = [];

    /// <summary>Percent of the bandwidth with one response; null: no goal.</summary>
    public double? OfBandwidth { get; init; }

    /// <summary>Percent of the peak with 32 responses.</summary>
    public required double OfPeak { get; init; }

    /// <summary>Percent of the peak when a prompt is read; null: no goal.</summary>
    public double? PrefillOfPeak { get; init; }

    public static ShapeGoals FifteenMillion { get; } = new()
    {
        Name = "15M",
        Model = RandomModelFolder.FifteenMillion,
        Steps = 100,
        AgainstEager = [(1, 6), (8, 5), (32, 3.5)],
        OfPeak = 35,
    };

    public static ShapeGoals HundredThirtyFiveMillion { get; } = new()
    {
        Name = "135M",
        Model = RandomModelFolder.HundredThirtyFiveMillion,
        Steps = 40,
        OfPeak = 60,
    };

    public static ShapeGoals HalfBillion { get; } = new()
    {
        Name = "0.5B",
        Model = RandomModelFolder.HalfBillion,
        Steps = 30,
        OfBandwidth = 90,
        OfPeak = 70,
        PrefillOfPeak = 80,
    };
}
