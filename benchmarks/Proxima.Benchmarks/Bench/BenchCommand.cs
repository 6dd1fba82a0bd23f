using Proxima.Models.Native;
using static TorchSharp.torch;

namespace Proxima.Benchmarks.Bench;

/// <summary>
/// <c>bench [--quick] [--one-thread] [--memory] [--only TEXT]</c>: yardsticks, then every row of the goals, in one run. A group of rows is a function of the
/// yardsticks; add one to <see cref="Groups"/>.
/// </summary>
internal static class BenchCommand
{
    private const double BytesPerGigabyte = 1e9;

    /// <summary>Of generation with the half-billion model: its weights as they are read, loaded and packed.</summary>
    private const double GigabytesToGenerate = 8;

    /// <summary>Of training it.</summary>
    private const double GigabytesToTrain = 16;
    private const long LargeBuffer = 1L << 30;
    private const long SmallBuffer = 1L << 28;

    private sealed record Group(string Name, Func<Yardsticks, IEnumerable<Goal>> Rows, double Gigabytes = 0);

    /// <param name="options">
    /// --quick leaves out the half-billion model, --one-thread counts processor time of one thread, --memory measures 1,000 steps in place of all else, --only
    /// takes the groups whose name holds a text
    /// </param>
    public static int Run(IReadOnlyList<string> options)
    {
        var flags = new List<string>(options);
        int at = flags.IndexOf("--only");
        string? only = at >= 0 && at + 1 < flags.Count ? flags[at + 1] : null;
        if (only is not null)
        {
            flags.RemoveRange(at, 2);
        }

        if (flags.Find(option => option is not ("--quick" or "--one-thread" or "--memory")) is { } unknown)
        {
            Tell($"bench does not know {unknown}; it knows --quick, --one-thread, --memory and --only TEXT");
            return 2;
        }

        bool isQuick = flags.Contains("--quick");
        int threads = flags.Contains("--one-thread") ? 1 : Environment.ProcessorCount;
        Group[] groups = [.. Groups(threads, flags.Contains("--memory")).Where(group => only is null || group.Name.Contains(only, StringComparison.OrdinalIgnoreCase))];
        if (groups.Length == 0)
        {
            Tell($"no group holds {only}; they are {string.Join(", ", Groups(threads, isMemory: false).Select(group => group.Name))}");
            return 2;
        }

        LibTorch.Load();
        set_num_threads(threads);
        Tell($"measuring the machine, {threads} threads");
        Yardsticks yardsticks = Yardsticks.Measure(threads, isQuick ? SmallBuffer : LargeBuffer);
        Goal[] goals = [.. groups.Where(group => Fits(group, isQuick)).SelectMany(group => group.Rows(yardsticks))];
        Console.Write(BenchReport.Table(yardsticks, goals));
        string folder = Path.Combine("artifacts", "bench");
        BenchReport.Write(folder, yardsticks, goals);
        Console.WriteLine($"{Path.Combine(folder, "bench.json")} and {Path.Combine(folder, "bench.svg")} say the same.");
        return 0;
    }

    private static IEnumerable<Group> Groups(int threads, bool isMemory)
    {
        if (isMemory)
        {
            yield return new("memory", _ => [MemoryRow.Measure(threads, Tell)]);
            yield break;
        }

        yield return new("loss head", _ => [LossHeadRow.Measure()]); // before anything has taken memory that it could use
        yield return new("AdamW", yardsticks => [AdamWRow.Measure(100_000_000, yardsticks, threads)]);
        foreach (ShapeGoals shape in new[] { ShapeGoals.FifteenMillion, ShapeGoals.HundredThirtyFiveMillion, ShapeGoals.HalfBillion })
        {
            yield return new($"generation {shape.Name}", yardsticks => new GenerationRows(yardsticks, threads, Tell).Of(shape), IsLarge(shape.Model) ? GigabytesToGenerate : 0);
        }

        foreach (TrainingShape shape in new[] { TrainingShape.Stories, TrainingShape.FifteenMillion, TrainingShape.HundredThirtyFiveMillion, TrainingShape.HalfBillion })
        {
            yield return new($"training {shape.Name}", yardsticks => new TrainingRows(yardsticks, threads, Tell).Of(shape), IsLarge(shape.Model) ? GigabytesToTrain : 0);
        }
    }

    private static bool IsLarge(RandomModelFolder model) => model == RandomModelFolder.HalfBillion;

    private static bool Fits(Group group, bool isQuick)
    {
        if (group.Gigabytes == 0)
        {
            return true;
        }

        NativeHeap.GiveBack(); // what earlier groups have left
        double free = FreeGigabytes();
        if (isQuick || free < group.Gigabytes)
        {
            Tell(isQuick ? $"{group.Name} is left out by --quick" : $"{group.Name} is left out: {free:F1} GB are free, {group.Gigabytes} are needed");
            return false;
        }

        return true;
    }

    private static double FreeGigabytes()
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo();
        return (memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes) / BytesPerGigabyte;
    }

    private static void Tell(string line) => Console.Error.WriteLine(line);
}
