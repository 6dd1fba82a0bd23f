using System.Globalization;

namespace Proxima.Benchmarks.Training;

/// <summary>One goal beside what was measured.</summary>
/// <param name="Name">the work</param>
/// <param name="Measured">the number</param>
/// <param name="Goal">what it should be</param>
/// <param name="Unit">of both</param>
/// <param name="Reached">whether the goal is reached</param>
internal sealed record BenchmarkRow(string Name, double Measured, double Goal, string Unit, bool Reached)
{
    /// <summary>A number that should be large.</summary>
    public static BenchmarkRow AtLeast(double goal, string name, double measured, string unit) => new(name, measured, goal, unit, measured >= goal);

    /// <summary>A number that should be small.</summary>
    public static BenchmarkRow AtMost(double goal, string name, double measured, string unit) => new(name, measured, goal, unit, measured <= goal);

    /// <summary>The line of a table.</summary>
    public string Line() => string.Create(
        CultureInfo.InvariantCulture, $"{Name,-60} {Measured,8:F2}  goal {Goal,6:F2} {Unit,-20} {(Reached ? "reached" : "not reached")}");
}
