using System.Diagnostics;

namespace Proxima.Benchmarks.Bench;

/// <summary>Seconds that work has taken so far: those of the processor for one thread, which other processes hardly change, else those of the clock.</summary>
internal static class WorkClock
{
    /// <param name="threads">threads that work</param>
    public static double Seconds(int threads) => threads == 1
        ? Environment.CpuUsage.TotalTime.TotalSeconds
        : Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
}
