using Proxima.Distributed;
using Proxima.Distributed.Nccl;

namespace Proxima.Parallel.Worker;

/// <summary>NCCL's collectives by a library that stands in for it: its "device" memory is that of the host.</summary>
internal static unsafe class NcclChecks
{
    private const int Count = 1000;

    /// <param name="host">the ranks</param>
    /// <param name="library">the stand-in for NCCL and for the CUDA run-time</param>
    public static void Run(ICommunicator host, string library)
    {
        (int n, int rank) = (host.Size, host.Rank);
        using NcclRanks ranks = NcclRanks.Start(NcclLibrary.Load([library], library), host, device: rank);
        float[] numbers = Own(rank);
        float[] part = new float[Count / n];
        fixed (float* data = numbers, received = part)
        {
            ranks.AllReduce("sums", (nint)data, Count);
            Check("sum", numbers, i => n * (n + 1) / 2 * Weight(i));
            Own(rank).CopyTo(numbers, 0);
            ranks.Broadcast("numbers of the last", (nint)data, Count, root: n - 1);
            Check("broadcast", numbers, i => n * Weight(i));
            Own(rank).CopyTo(numbers, 0);
            ranks.ReduceScatter("parts", (nint)data, part.Length, (nint)received);
            Check("reduce-scatter", part, i => n * (n + 1) / 2 * Weight((rank * part.Length) + i));
            ranks.AllGather("parts", (nint)received, part.Length, (nint)data);
            Check("all-gather", numbers, i => n * (n + 1) / 2 * Weight(i));
        }

        Console.WriteLine($"rank {rank} of {n}: right; {ranks.Description}");
    }

    private static float[] Own(int rank) => [.. Enumerable.Range(0, Count).Select(i => (rank + 1) * Weight(i))];

    private static float Weight(long i) => (i % 11) + 1;

    private static void Check(string what, float[] numbers, Func<long, float> expected)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            CollectiveChecks.Require(numbers[i] == expected(i), $"{what}: number {i} is {numbers[i]}, {expected(i)} was expected");
        }
    }
}
