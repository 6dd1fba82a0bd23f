using Proxima.Core;
using Proxima.Models.Native;
using static TorchSharp.torch;

namespace Proxima.Benchmarks.Bench;

/// <summary>
/// <c>gpu [--against FILE]</c>: the goals of a GPU, with the half-billion shape in bf16. The file holds what scripts/plain_ppo.py measured on the same
/// machine; without it the row that compares with it is left out.
/// </summary>
internal static class GpuCommand
{
    /// <summary>Measures and prints the table; 0 when all goals are reached.</summary>
    public static int Run(IReadOnlyList<string> options)
    {
        if (options is not ([] or ["--against", _]))
        {
            Console.Error.WriteLine($"gpu does not know {string.Join(' ', options)}; it knows --against FILE");
            return 2;
        }

        Device device;
        try
        {
            (device, string reason) = TorchDevices.Choose("cuda", localRank: 0);
            Console.WriteLine($"device: {reason}");
        }
        catch (ProximaException problem)
        {
            Console.Error.WriteLine(problem.Message);
            return (int)problem.ExitCode;
        }

        using var rows = new GpuRows(device, RandomModelFolder.HalfBillion);
        Goal[] goals = [.. rows.Measure(options is [_, var path] ? PlainStep.Read(path) : null)];
        foreach (string line in rows.Yardsticks)
        {
            Console.WriteLine(line);
        }

        Console.Write(BenchReport.Table(goals));
        return goals.All(goal => goal.IsReached) ? 0 : 1;
    }
}
