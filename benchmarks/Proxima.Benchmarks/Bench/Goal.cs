namespace Proxima.Benchmarks.Bench;

/// <summary>One row of the table: what was measured beside what is wanted.</summary>
internal sealed record Goal
{
    /// <summary>The work.</summary>
    public required string Name { get; init; }

    /// <summary>By the fastest tenth of the repetitions: another process slows a step down, nothing speeds it up.</summary>
    public required double Measured { get; init; }

    /// <summary>By the median repetition.</summary>
    public required double Median { get; init; }

    /// <summary>The least that is wanted, or the most where <see cref="IsUpperBound"/>.</summary>
    public required double Target { get; init; }

    public required string Unit { get; init; }

    public bool IsUpperBound { get; init; }

    public bool IsReached => IsUpperBound ? Measured <= Target : Measured >= Target;

    /// <summary>Above 1 is better than wanted.</summary>
    public double Ratio => IsUpperBound ? Target / Measured : Measured / Target;
}
