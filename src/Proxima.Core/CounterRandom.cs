namespace Proxima.Core;

/// <summary>What a random stream is for: streams of different purposes never share numbers.</summary>
public enum RandomPurpose
{
    DataOrder = 1,
    SourceChoice = 2,
    Rollout = 3,
    MicroBatchOrder = 4,
    Evaluation = 5,
    HeadInitialisation = 6,
    WeightInitialisation = 7,
}

/// <summary>
/// A counter-based random stream: every number is a function of (seed, purpose, a, b) and its place in the stream,
/// so a stream depends on no other stream, on no batch mate and on no world size, and its state is its place alone.
/// The mixing function is SplitMix64's finaliser (Steele, Lea and Flood 2014).
/// </summary>
public struct CounterRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private readonly ulong _key;
    private ulong _place;

    /// <param name="seed">seed of the run</param>
    /// <param name="purpose">what the stream is for</param>
    /// <param name="a">first index, such as the step</param>
    /// <param name="b">second index, such as the global sequence index</param>
    public CounterRandom(long seed, RandomPurpose purpose, long a = 0, long b = 0)
    {
        ulong key = Mix((ulong)seed + Golden);
        key = Mix(key ^ (ulong)purpose * Golden);
        key = Mix(key ^ (ulong)a + Golden);
        _key = Mix(key ^ (ulong)b * 0xD1B54A32D192ED03 + Golden);
    }

    /// <summary>A uniform 64-bit number.</summary>
    public ulong NextBits() => Mix(_key + (++_place * Golden));

    /// <summary>Uniform in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform integer in [0, <paramref name="exclusiveMaximum"/>).</summary>
    public int NextInt(int exclusiveMaximum)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMaximum);
        return (int)Math.BigMul(NextBits(), (ulong)exclusiveMaximum, out _);
    }

    /// <summary>Standard normal (Box and Muller).</summary>
    public double NextNormal()
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>A uniform permutation of 0 … n − 1 (Fisher and Yates).</summary>
    public int[] Permutation(int n)
    {
        int[] order = new int[n];
        for (int i = 0; i < n; i++)
        {
            int j = NextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }

        return order;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
