using System.Diagnostics;
using static TorchSharp.torch;

namespace Proxima.Benchmarks.Training;

/// <summary>
/// Seconds since its start. With one thread they are those of the processor, so that a busy machine does not matter much; with
/// more they are those of the clock.
/// </summary>
internal readonly struct BenchmarkClock
{
    private readonly long _clock;
    private readonly TimeSpan _processor;

    private BenchmarkClock(long clock, TimeSpan processor) => (_clock, _processor) = (clock, processor);

    public double Seconds => get_num_threads() == 1
        ? (Environment.CpuUsage.TotalTime - _processor).TotalSeconds
        : Stopwatch.GetElapsedTime(_clock).TotalSeconds;

    public static BenchmarkClock Start() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

    /// <summary>The fewest seconds of some rounds, after one that warms up.</summary>
    public static double Best(int rounds, Action work)
    {
        double best = double.MaxValue;
        for (int round = 0; round <= rounds; round++)
        {
            BenchmarkClock clock = Start();
            work();
            best = round == 0 ? best : Math.Min(best, clock.Seconds);
        }

        return best;
    }
}
