namespace Proxima.Benchmarks.Bench;

/// <summary>Seconds of repetitions of the same work.</summary>
/// <param name="Fast">the tenth percentile</param>
/// <param name="Median">the fiftieth</param>
internal readonly record struct StepTimes(double Fast, double Median)
{
    /// <summary>Of single times.</summary>
    public static StepTimes Of(IEnumerable<double> seconds)
    {
        double[] sorted = [.. seconds.Order()];
        return new(sorted[sorted.Length / 10], sorted[sorted.Length / 2]);
    }

    /// <summary>A goal for an amount of work a second.</summary>
    /// <param name="name">the work</param>
    /// <param name="amount">of work in a repetition, in the unit of the goal times seconds</param>
    /// <param name="target">what is wanted</param>
    /// <param name="unit">of the goal</param>
    public Goal Goal(string name, double amount, double target, string unit) =>
        new() { Name = name, Measured = amount / Fast, Median = amount / Median, Target = target, Unit = unit };
}
