namespace Proxima.Benchmarks.Bench;

/// <summary>What is wanted of training a model of some shape.</summary>
internal sealed record TrainingShape
{
    public required string Name { get; init; }

    public required RandomModelFolder Model { get; init; }

    /// <summary>Sequences of a rollout.</summary>
    public required int Sequences { get; init; }

    /// <summary>Tokens of each response; a prompt has 8.</summary>
    public required int NewTokens { get; init; }

    /// <summary>PPO steps to time.</summary>
    public required int Steps { get; init; }

    /// <summary>B and T of a forward and backward pass.</summary>
    public (int B, int T) GradientSize { get; init; }

    /// <summary>Percent of the peak of that pass; null: no goal.</summary>
    public double? GradientsOfPeak { get; init; }

    /// <summary>Percent of the peak of a PPO step; null: no goal.</summary>
    public double? Utilisation { get; init; }

    /// <summary>Seconds of a PPO step where fp32 products reach 325 GFLOP/s; null: no goal.</summary>
    public double? SecondsAt325 { get; init; }

    /// <summary>Highest memory of the process over PPO steps; null: no goal.</summary>
    public double? MostGigabytes { get; init; }

    public static TrainingShape Stories { get; } = new()
    {
        Name = "stories260k",
        Model = RandomModelFolder.Stories,
        Sequences = 64,
        NewTokens = 40,
        Steps = 20,
        SecondsAt325 = 0.25,
    };

    public static TrainingShape FifteenMillion { get; } = new()
    {
        Name = "15M",
        Model = RandomModelFolder.FifteenMillion,
        Sequences = 64,
        NewTokens = 40,
        Steps = 4,
        GradientSize = (8, 256),
        GradientsOfPeak = 65,
        Utilisation = 55,
    };

    public static TrainingShape HundredThirtyFiveMillion { get; } = new()
    {
        Name = "135M",
        Model = RandomModelFolder.HundredThirtyFiveMillion,
        Sequences = 16,
        NewTokens = 32,
        Steps = 3,
        Utilisation = 60,
    };

    public static TrainingShape HalfBillion { get; } = new()
    {
        Name = "0.5B",
        Model = RandomModelFolder.HalfBillion,
        Sequences = 16,
        NewTokens = 32,
        Steps = 2,
        GradientSize = (4, 128),
        GradientsOfPeak = 80,
        MostGigabytes = 16,
    };
}
