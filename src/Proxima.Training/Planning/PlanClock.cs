using System.Diagnostics;
using static TorchSharp.torch;

namespace Proxima.Training.Planning;

/// <summary>
/// Seconds since its start. With one thread they are those of the processor, so that a busy machine does not matter much; with more
/// they are those of the clock, for threads wait for each other.
/// </summary>
internal readonly struct PlanClock
{
    private const int FewestRounds = 2;
    private const int MostRounds = 6;
    private const double SecondsOfRounds = 0.3;
    private const int Size = 1024;

    private readonly long _clock;
    private readonly TimeSpan _processor;

    private PlanClock(long clock, TimeSpan processor) => (_clock, _processor) = (clock, processor);

    public double Seconds => get_num_threads() == 1
        ? (Environment.CpuUsage.TotalTime - _processor).TotalSeconds
        : Stopwatch.GetElapsedTime(_clock).TotalSeconds;

    public static PlanClock Start() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

    /// <summary>The fewest seconds of some rounds: other processes slow work down, and nothing speeds it up. Short work has more rounds.</summary>
    public static double Best(Action work)
    {
        long started = Stopwatch.GetTimestamp();
        double best = double.MaxValue;
        for (int round = 0; round < FewestRounds || (round < MostRounds && Stopwatch.GetElapsedTime(started).TotalSeconds < SecondsOfRounds); round++)
        {
            PlanClock clock = Start();
            work();
            best = Math.Min(best, clock.Seconds);
        }

        return best;
    }

    /// <summary>GFLOP/s of libtorch's products.</summary>
    public static double Gigaflops(ScalarType type)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (a, b) = (ones([Size, Size], dtype: type), ones([Size, Size], dtype: type));
        a.matmul(b).Dispose();
        return 2.0 * Size * Size * Size / Best(() => a.matmul(b).Dispose()) / 1e9;
    }
}
