using Proxima.Models.Native;
using static TorchSharp.torch;

namespace Proxima.Benchmarks.Bench;

/// <summary>
/// <c>bench [--quick] [--one-thread]</c>: yardsticks, then every row of the goals, in one run. A group of rows is a function of the yardsticks; add one to
/// <see cref="Groups"/>.
/// </summary>
internal static class BenchCommand
{
    private const double BytesPerGigabyte = 1e9;

    /// <summary>Of the half-billion model: its weights as they are read, loaded and packed.</summary>
    private const double GigabytesOfHalfBillion = 8;
    private const long LargeBuffer = 1L << 30;
    private const long SmallBuffer = 1L << 28;

    /// <param name="options">--quick leaves out the half-billion model, --one-thread counts processor time of one thread</param>
    public static int Run(IReadOnlyList<string> options)
    {
        if (options.FirstOrDefault(option => option is not ("--quick" or "--one-thread")) is { } unknown)
        {
            Tell($"bench does not know {unknown}; it knows --quick and --one-thread");
            return 2;
        }

        bool isQuick = options.Contains("--quick");
        int threads = options.Contains("--one-thread") ? 1 : Environment.ProcessorCount;
        LibTorch.Load();
        set_num_threads(threads);
        Tell($"measuring the machine, {threads} threads");
        Yardsticks yardsticks = Yardsticks.Measure(threads, isQuick ? SmallBuffer : LargeBuffer);
        Goal[] goals = [.. Groups(isQuick, threads).SelectMany(group => group(yardsticks))];
        Console.Write(BenchReport.Table(yardsticks, goals));
        string folder = Path.Combine("artifacts", "bench");
        BenchReport.Write(folder, yardsticks, goals);
        Console.WriteLine($"{Path.Combine(folder, "bench.json")} and {Path.Combine(folder, "bench.svg")} say the same.");
        return 0;
    }

    private static IEnumerable<Func<Yardsticks, IEnumerable<Goal>>> Groups(bool isQuick, int threads)
    {
        foreach (ShapeGoals shape in Shapes(isQuick))
        {
            yield return yardsticks => new GenerationRows(yardsticks, threads, Tell).Of(shape);
        }
    }

    private static IEnumerable<ShapeGoals> Shapes(bool isQuick)
    {
        yield return ShapeGoals.FifteenMillion;
        yield return ShapeGoals.HundredThirtyFiveMillion;
        double free = FreeGigabytes();
        if (isQuick)
        {
            Tell("0.5B is left out by --quick");
        }
        else if (free < GigabytesOfHalfBillion)
        {
            Tell($"0.5B is left out: {free:F1} GB are free, {GigabytesOfHalfBillion} are needed");
        }
        else
        {
            yield return ShapeGoals.HalfBillion;
        }
    }

    private static double FreeGigabytes()
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        return (memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes) / BytesPerGigabyte;
    }

    private static void Tell(string line) => Console.Error.WriteLine(line);
}
