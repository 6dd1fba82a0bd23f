using Proxima.Models.Native;
using static TorchSharp.torch;

namespace Proxima.Training.Planning;

/// <summary>Measures what a pass takes in time and memory, by doing it a few times.</summary>
internal static class PassMeter
{
    private const double Gigabyte = 1e9;
    private const double MostHoles = 3; // more is noise of something small

    /// <summary>A pass without gradients.</summary>
    /// <param name="forward">does it; what it returns belongs to the scope</param>
    public static PassCost Forward(Func<Tensor> forward)
    {
        using var noGrad = no_grad();
        return Measure(forward, _ => { });
    }

    /// <summary>A pass forward and back.</summary>
    /// <param name="forward">forward, with its graph</param>
    /// <param name="backward">back from what that returned</param>
    public static PassCost Training(Func<Tensor> forward, Action<Tensor> backward) => Measure(forward, backward);

    private static PassCost Measure(Func<Tensor> forward, Action<Tensor> backward)
    {
        Pass(); // compiles, and takes the buffers that libraries keep
        PassCost first = Memory(forward, backward);
        NativeHeap.Trim();
        bool countsAnew = ProcessMemory.ResetPeak();
        double before = ProcessMemory.Gigabytes().Resident;
        double seconds = PlanClock.Best(Pass);
        double growth = Highest(countsAnew) - before;

        // Blocks that are freed do not all fit those that come next, so a heap grows over the first passes.
        double holes = Math.Clamp(growth * Gigabyte / Math.Max(1, first.Bytes), 1, MostHoles);
        return new PassCost(seconds, first.Kept * holes, first.Transient * holes);

        void Pass()
        {
            using var scope = NewDisposeScope();
            backward(forward());
        }
    }

    private static PassCost Memory(Func<Tensor> forward, Action<Tensor> backward)
    {
        using var scope = NewDisposeScope();
        NativeHeap.Trim();
        bool countsAnew = ProcessMemory.ResetPeak();
        double before = ProcessMemory.Gigabytes().Resident;
        var result = forward();
        double forwardPeak = Highest(countsAnew);
        NativeHeap.Trim();
        double kept = Math.Max(0, ProcessMemory.Gigabytes().Resident - before);
        backward(result);
        double peak = Math.Max(forwardPeak, Highest(countsAnew)) - before;
        return new PassCost(0, kept * Gigabyte, Math.Max(0, peak - kept) * Gigabyte);
    }

    /// <summary>GB at the highest. Without a new count: the heap gives nothing back by itself, so what is resident now is what was needed.</summary>
    private static double Highest(bool countsAnew) => countsAnew ? ProcessMemory.Gigabytes().Peak : ProcessMemory.Gigabytes().Resident;
}
