using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Proxima.Benchmarks.Training;

/// <summary>What the machine gives at this moment.</summary>
/// <param name="Fp32">GFLOP/s of libtorch's float32 products</param>
/// <param name="Bf16">GFLOP/s of its bfloat16 products</param>
/// <param name="Bandwidth">GB/s that all threads read</param>
internal sealed record Yardsticks(double Fp32, double Bf16, double Bandwidth)
{
    private const int Size = 2048;
    private const int Rounds = 3;

    /// <summary>The faster products.</summary>
    public double Peak => Math.Max(Fp32, Bf16);

    public static Yardsticks Measure()
    {
        double fp32 = 0;
        double bf16 = 0;
        for (int round = 0; round < Rounds; round++)
        {
            fp32 = Math.Max(fp32, Products(ScalarType.Float32));
            bf16 = Math.Max(bf16, Products(ScalarType.BFloat16));
        }

        return new Yardsticks(fp32, bf16, ReadBandwidth());
    }

    private static double Products(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (ones([Size, Size], dtype: type), ones([Size, Size], dtype: type));
        return 2.0 * Size * Size * Size / BenchmarkClock.Best(Rounds, () => a.matmul(b).Dispose()) / 1e9;
    }

    private static double ReadBandwidth()
    {
        const int Count = 1 << 27; // 512 MB
        using var numbers = ones(Count); // where weights lie too; memory that nobody wrote would be one page of zeros
        int threads = get_num_threads();
        double best = BenchmarkClock.Best(
            Rounds, () => Parallel.For(0, threads, thread =>
                Read(MemoryMarshal.Cast<byte, float>(numbers.bytes).Slice(Count / threads * thread, Count / threads))));
        return Count * sizeof(float) / best / 1e9;
    }

    /// <summary>Four streams at once: one alone does not keep a core's memory requests busy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // few calls with long loops: it would be measured before it is optimized
    private static float Read(ReadOnlySpan<float> numbers)
    {
        int quarter = numbers.Length / 4;
        ReadOnlySpan<Vector512<float>> first = MemoryMarshal.Cast<float, Vector512<float>>(numbers[..quarter]);
        ReadOnlySpan<Vector512<float>> second = MemoryMarshal.Cast<float, Vector512<float>>(numbers[quarter..(2 * quarter)])[..first.Length];
        ReadOnlySpan<Vector512<float>> third = MemoryMarshal.Cast<float, Vector512<float>>(numbers[(2 * quarter)..(3 * quarter)])[..first.Length];
        ReadOnlySpan<Vector512<float>> fourth = MemoryMarshal.Cast<float, Vector512<float>>(numbers[(3 * quarter)..(4 * quarter)])[..first.Length];
        var (a, b, c, d) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        for (int i = 0; i < first.Length; i++)
        {
            a += first[i];
            b += second[i];
            c += third[i];
            d += fourth[i];
        }

        return Vector512.Sum(a + b + c + d);
    }
}
