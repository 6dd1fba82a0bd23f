using System.Globalization;
using System.Text;
using System.Text.Json;
using Proxima.Core.Runs;

namespace Proxima.Benchmarks.Bench;

/// <summary>The table, bench.json and the plot.</summary>
internal static class BenchReport
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Lines of the table.</summary>
    public static string Table(Yardsticks yardsticks, IReadOnlyList<Goal> goals)
    {
        StringBuilder text = new();
        foreach ((string name, double value, string unit) in Named(yardsticks))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{name,-40} {value,8:F1} {unit}");
        }

        text.AppendLine().Append(Table(goals));
        return text.ToString();
    }

    /// <summary>Lines of the goals.</summary>
    public static string Table(IReadOnlyList<Goal> goals)
    {
        StringBuilder text = new();
        int width = goals.Max(goal => goal.Name.Length);
        text.AppendLine(CultureInfo.InvariantCulture, $"{"work".PadRight(width)}  measured  (median)      goal");
        foreach (Goal goal in goals)
        {
            string bound = goal.IsUpperBound ? "<=" : ">=";
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{goal.Name.PadRight(width)}  {goal.Measured,8:F1}  {goal.Median,8:F1}  {bound} {goal.Target,5} {goal.Unit,-5}  {(goal.IsReached ? "reached" : "MISSED")}");
        }

        return text.ToString();
    }

    /// <summary>Writes bench.json and bench.svg.</summary>
    /// <param name="folder">made where it is missing</param>
    /// <param name="yardsticks">of this run</param>
    /// <param name="goals">the rows</param>
    public static void Write(string folder, Yardsticks yardsticks, IReadOnlyList<Goal> goals)
    {
        Directory.CreateDirectory(folder);
        var content = new
        {
            yardsticks = Named(yardsticks).ToDictionary(row => row.Name, row => Math.Round(row.Value, 2)),
            goals = goals.Select(goal => new
            {
                name = goal.Name,
                measured = Math.Round(goal.Measured, 2),
                median = Math.Round(goal.Median, 2),
                goal = goal.Target,
                unit = goal.Unit,
                reached = goal.IsReached,
            }),
        };
        AtomicFile.WriteText(Path.Combine(folder, "bench.json"), JsonSerializer.Serialize(content, Options) + "\n");
        AtomicFile.WriteText(Path.Combine(folder, "bench.svg"), BenchPlot.Draw(goals));
    }

    private static IEnumerable<(string Name, double Value, string Unit)> Named(Yardsticks yardsticks)
    {
        yield return ("fp32 products of libtorch", yardsticks.Fp32Gemm, "GFLOP/s");
        yield return ("bf16 products of libtorch", yardsticks.Bf16Gemm, "GFLOP/s");
        foreach ((string name, double speed) in yardsticks.Kernels)
        {
            yield return ($"kernel {name}", speed, "GFLOP/s");
        }

        yield return ("peak: the best of these", yardsticks.Peak, "GFLOP/s");
        yield return ("reading of memory", yardsticks.ReadBandwidth, "GB/s");
    }
}
