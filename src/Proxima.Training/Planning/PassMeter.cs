using Proxima.Models.Native;
using static TorchSharp.torch;

namespace Proxima.Training.Planning;

/// <summary>Measures what a pass takes in time and memory, by doing it a few times.</summary>
internal static class PassMeter
{
    private const int Rounds = 2;
    private const double Gigabyte = 1e9;
    private const double MostHoles = 3; // more is noise of something small

    /// <summary>A pass without gradients.</summary>
    /// <param name="length">tokens of a row, T</param>
    /// <param name="forward">does it with rows of so many tokens, T or a few less; what it returns belongs to the scope</param>
    public static PassCost Forward(int length, Func<int, Tensor> forward)
    {
        using var noGrad = no_grad();
        return Measure(length, forward, _ => { });
    }

    /// <summary>A pass forward and back.</summary>
    /// <param name="length">tokens of a row, T</param>
    /// <param name="forward">forward with rows of so many tokens, T or a few less, with its graph</param>
    /// <param name="backward">back from what that returned</param>
    public static PassCost Training(int length, Func<int, Tensor> forward, Action<Tensor> backward) => Measure(length, forward, backward);

    private static PassCost Measure(int length, Func<int, Tensor> forward, Action<Tensor> backward)
    {
        Pass(length); // compiles, and takes the buffers that libraries keep
        PassCost first = Memory(() => forward(length), backward);
        NativeHeap.GiveBack();
        bool countsAnew = ProcessMemory.ResetPeak();
        double before = ProcessMemory.Gigabytes().Resident;
        double seconds = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            // Blocks that are freed do not fit those of another size that come next, so a heap grows over the first passes.
            int tokens = length - (round % Math.Min(length, Rounds));
            PlanClock clock = PlanClock.Start();
            Pass(tokens);
            seconds = Math.Min(seconds, clock.Seconds * length / tokens);
        }

        double growth = Highest(countsAnew) - before;
        double holes = Math.Clamp(growth * Gigabyte / Math.Max(1, first.Bytes), 1, MostHoles);
        return new PassCost(seconds, first.Kept * holes, first.Transient * holes);

        void Pass(int tokens)
        {
            using var scope = NewDisposeScope();
            backward(forward(tokens));
        }
    }

    private static PassCost Memory(Func<Tensor> forward, Action<Tensor> backward)
    {
        using var scope = NewDisposeScope();
        NativeHeap.GiveBack();
        bool countsAnew = ProcessMemory.ResetPeak();
        double before = ProcessMemory.Gigabytes().Resident;
        var result = forward();
        double forwardPeak = Highest(countsAnew);
        NativeHeap.GiveBack();
        double kept = Math.Max(0, ProcessMemory.Gigabytes().Resident - before);
        backward(result);
        double peak = Math.Max(forwardPeak, Highest(countsAnew)) - before;
        return new PassCost(0, kept * Gigabyte, Math.Max(0, peak - kept) * Gigabyte);
    }

    /// <summary>GB at the highest. Without a new count: the heap gives nothing back by itself, so what is resident now is what was needed.</summary>
    private static double Highest(bool countsAnew) => countsAnew ? ProcessMemory.Gigabytes().Peak : ProcessMemory.Gigabytes().Resident;
}
