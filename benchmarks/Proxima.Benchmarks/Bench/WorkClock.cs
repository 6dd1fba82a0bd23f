using System.Diagnostics;

namespace Proxima.Benchmarks.Bench;

/// <summary>Seconds that work has taken so far: those of the processor for one thread, which other processes hardly change, else those of the clock.</summary>
internal static class WorkClock
{
    /// <summary>Seconds of some rounds of work, after one that warms up.</summary>
    /// <param name="rounds">to time</param>
    /// <param name="threads">threads that work</param>
    /// <param name="work">one round</param>
    public static StepTimes Times(int rounds, int threads, Action work)
    {
        work();
        return StepTimes.Of(Enumerable.Range(0, rounds).Select(_ => Seconds(threads, work)).ToArray());
    }

    /// <summary>Seconds of work.</summary>
    /// <param name="threads">threads that work</param>
    /// <param name="work">once</param>
    public static double Seconds(int threads, Action work)
    {
        double start = Seconds(threads);
        work();
        return Seconds(threads) - start;
    }

    /// <param name="threads">threads that work</param>
    public static double Seconds(int threads) => threads == 1
        ? Environment.CpuUsage.TotalTime.TotalSeconds
        : Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
}
