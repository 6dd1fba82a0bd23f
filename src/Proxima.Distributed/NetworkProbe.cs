using System.Diagnostics;
using System.Globalization;
using System.Text;
using Proxima.Core;

namespace Proxima.Distributed;

/// <summary>
/// Measures what the model of docs/plan.md needs to know of a network, with real all-reduces: a message of b bytes takes α + b ÷ β, and an
/// all-reduce of B bytes among n ranks is 2 (n − 1) messages of B ÷ n.
/// </summary>
/// <param name="Latency">α, seconds</param>
/// <param name="Bandwidth">β, bytes a second</param>
public sealed record NetworkProbe(double Latency, double Bandwidth)
{
    private const int SmallRounds = 200;
    private const int LargeRounds = 5;
    private const int LargeCount = 4 << 20; // numbers: 16 MiB

    /// <summary>Measures. All ranks call it, and get the same.</summary>
    /// <param name="ranks">two or more</param>
    /// <exception cref="ProximaException">a sum is wrong, or a rank was lost</exception>
    public static NetworkProbe Measure(ICommunicator ranks)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        double small = Best(ranks, count: 1, SmallRounds);
        double large = Best(ranks, LargeCount, LargeRounds);
        double messages = 2 * (ranks.Size - 1);
        double bytes = messages / ranks.Size * LargeCount * sizeof(float);
        byte[] measured = [.. BitConverter.GetBytes(small / messages), .. BitConverter.GetBytes(bytes / Math.Max(large - small, 1e-9))];
        byte[] leading = ranks.Exchange("the speed of the network", measured)[0];
        return new NetworkProbe(BitConverter.ToDouble(leading, 0), BitConverter.ToDouble(leading, sizeof(double)));
    }

    /// <summary>What <c>proxima doctor</c> says of the ranks that it was started as. All of them call it.</summary>
    /// <param name="ranks">two or more</param>
    /// <exception cref="ProximaException">a sum is wrong, or a rank was lost</exception>
    public static Check Inspect(ICommunicator ranks)
    {
        NetworkProbe probe = Measure(ranks);
        int hosts = ranks.Exchange("names of hosts", Encoding.UTF8.GetBytes(Environment.MachineName)).Select(Encoding.UTF8.GetString).Distinct().Count();
        return new Check("ranks", true, string.Create(
            CultureInfo.InvariantCulture,
            $"{ranks.Description} on {hosts} {(hosts == 1 ? "host" : "hosts")}; an all-reduce sums right: latency {probe.Latency * 1e6:F1} us, {probe.Bandwidth / 1e9:F2} GB/s; "
            + $"plan with --ranks {ranks.Size} --latency_us {probe.Latency * 1e6:F1} --bandwidth_gb_per_s {probe.Bandwidth / 1e9:F2}"));
    }

    /// <summary>The fewest seconds of some all-reduces.</summary>
    private static unsafe double Best(ICommunicator ranks, int count, int rounds)
    {
        float[] numbers = new float[count];
        double best = double.MaxValue;
        fixed (float* data = numbers)
        {
            for (int round = 0; round <= rounds; round++)
            {
                Array.Fill(numbers, ranks.Rank + 1);
                ranks.Barrier("a measurement");
                long started = Stopwatch.GetTimestamp();
                ranks.AllReduce("a measurement", data, count, Reduction.Sum);
                double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
                best = round == 0 ? best : Math.Min(best, seconds); // the first warms up
                RequireSum(numbers, ranks.Size * (ranks.Size + 1) / 2);
            }
        }

        return best;
    }

    private static void RequireSum(float[] numbers, float expected)
    {
        int wrong = numbers.AsSpan().IndexOfAnyExcept(expected);
        if (wrong >= 0)
        {
            throw new ProximaException(
                ExitCode.PeerLost,
                $"an all-reduce of {numbers.Length} numbers gave {numbers[wrong]} at place {wrong}, {expected} was expected. "
                + $"The MPI library or the network is broken, or the library is not that of the launcher: give another in {Launch.LibraryVariable}.");
        }
    }
}
