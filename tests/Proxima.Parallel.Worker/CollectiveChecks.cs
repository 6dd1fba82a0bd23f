using System.Text;
using Proxima.Core;
using Proxima.Distributed;

namespace Proxima.Parallel.Worker;

/// <summary>Each collective on numbers whose result is known by arithmetic: rank r holds (r + 1) · w(i) with small whole w.</summary>
internal static unsafe class CollectiveChecks
{
    private const int Count = 4099; // several pieces, the last of them short

    public static void Run(ICommunicator ranks)
    {
        (int n, int rank) = (ranks.Size, ranks.Rank);
        ranks.Barrier("the start");
        float[] numbers = Own(rank);
        fixed (float* data = numbers)
        {
            ranks.AllReduce("sums", data, Count, Reduction.Sum);
            Check("sum", numbers, i => n * (n + 1) / 2 * Weight(i));
            Own(rank).CopyTo(numbers, 0);
            ranks.AllReduce("maxima", data, Count, Reduction.Maximum);
            Check("maximum", numbers, i => n * Weight(i));
            Own(rank).CopyTo(numbers, 0);
            ranks.AllReduce("minima", data, Count, Reduction.Minimum);
            Check("minimum", numbers, Weight);
            Own(rank).CopyTo(numbers, 0);
            ranks.Broadcast("numbers of the last", data, Count * sizeof(float), n - 1);
            Check("broadcast", numbers, i => n * Weight(i));
        }

        Parts(ranks, [.. Enumerable.Range(0, n).Select(r => (long)(Count / n) + (r < Count % n ? 1 : 0))]);
        Parts(ranks, [.. Enumerable.Range(0, n).Select(r => r == 0 ? (long)Count : 0)]);
        Parts(ranks, [.. Enumerable.Range(0, n).Select(r => r == n - 1 ? (long)Count : 0)]);
        byte[][] texts = ranks.Exchange("names", Encoding.UTF8.GetBytes(new string('x', rank * 700)));
        Require(texts.Select(text => text.Length).SequenceEqual(Enumerable.Range(0, n).Select(r => r * 700)), "exchange");
        Console.WriteLine($"rank {rank} of {n}: collectives right; {ranks.Description}; sent {string.Join(", ", ranks.Traffic.Bytes.Select(pair => $"{pair.Key} {pair.Value}"))}");
    }

    private static void Parts(ICommunicator ranks, long[] counts)
    {
        long first = counts.Take(ranks.Rank).Sum();
        long own = counts[ranks.Rank];
        float[] numbers = Own(ranks.Rank);
        float[] part = new float[own];
        float[] whole = new float[Count];
        fixed (float* data = numbers, received = part, gathered = whole)
        {
            ranks.ReduceScatter("parts", data, counts, received);
            Check("reduce-scatter", part, i => ranks.Size * (ranks.Size + 1) / 2 * Weight(first + i));
            part.CopyTo(whole, first);
            ranks.AllGather("parts", gathered, [.. counts.Select(count => count * sizeof(float))]);
            Check("all-gather", whole, i => ranks.Size * (ranks.Size + 1) / 2 * Weight(i));
        }
    }

    private static float[] Own(int rank) => [.. Enumerable.Range(0, Count).Select(i => (rank + 1) * Weight(i))];

    private static float Weight(long i) => (i % 11) + 1;

    private static void Check(string what, float[] numbers, Func<long, float> expected)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            Require(numbers[i] == expected(i), $"{what}: number {i} is {numbers[i]}, {expected(i)} was expected");
        }
    }

    internal static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new ProximaException(ExitCode.Internal, what);
        }
    }
}
