using Proxima.Models.Native;
using Proxima.Training;

namespace Proxima.Benchmarks.Bench;

/// <summary>The highest resident memory from some moment on.</summary>
/// <param name="Before">GB at that moment</param>
internal readonly record struct PeakMemory(double Before)
{
    /// <summary>Counts from here.</summary>
    public static PeakMemory Begin()
    {
        NativeHeap.GiveBack();
        File.WriteAllText("/proc/self/clear_refs", "5"); // VmHWM falls to what is resident now
        return new(ProcessMemory.Gigabytes().Resident);
    }
}
