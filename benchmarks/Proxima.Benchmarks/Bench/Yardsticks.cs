using System.Runtime.Intrinsics;
using Proxima.Generation.Fused;
using Proxima.Generation.Fused.Kernels;
using static TorchSharp.torch;

namespace Proxima.Benchmarks.Bench;

/// <summary>What this machine can do, measured in the run whose results are compared with it. All threads work.</summary>
internal sealed record Yardsticks
{
    private const int Size = 2048;
    private const int Rounds = 15;
    private const int Columns = 896;
    private const int Panels = 16;

    /// <summary>GFLOP/s of libtorch's float32 products.</summary>
    public required double Fp32Gemm { get; init; }

    /// <summary>GFLOP/s of libtorch's bfloat16 products.</summary>
    public required double Bf16Gemm { get; init; }

    /// <summary>GFLOP/s of each kernel of the fused engine with weights in a cache.</summary>
    public required IReadOnlyDictionary<string, double> Kernels { get; init; }

    /// <summary>GB/s of reading a buffer too large for the caches.</summary>
    public required double ReadBandwidth { get; init; }

    /// <summary>GFLOP/s: the best of all.</summary>
    public double Peak => Kernels.Values.Append(Fp32Gemm).Append(Bf16Gemm).Max();

    /// <param name="threads">that work</param>
    /// <param name="bytes">size of the buffer that is read</param>
    public static Yardsticks Measure(int threads, long bytes)
    {
        using ThreadTeam team = new(threads);
        return new()
        {
            Fp32Gemm = Gemm(ScalarType.Float32, threads),
            Bf16Gemm = Gemm(ScalarType.BFloat16, threads),
            Kernels = PanelKernels.Kinds().SelectMany(PanelKernels.Of).ToDictionary(kernel => kernel.Text, kernel => KernelPeak(kernel, team)),
            ReadBandwidth = Bandwidth(team, bytes),
        };
    }

    private static double Gemm(ScalarType type, int threads)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var a = ones([Size, Size], dtype: type);
        var b = ones([Size, Size], dtype: type);
        return 2.0 * Size * Size * Size / Best(() => a.matmul(b).Dispose(), threads) / 1e9;
    }

    private static unsafe double KernelPeak(PanelKernel kernel, ThreadTeam team)
    {
        long panelBytes = kernel.PanelBytes(Columns);
        int rows = kernel.TileRows;
        using NativeBuffer weights = new(Panels * panelBytes);
        double[] best = new double[team.Size];
        team.Run(thread =>
        {
            using RowBuffer input = new(rows, Columns);
            using RowBuffer copy = new(rows, kernel.PreparedFloats(Columns));
            using RowBuffer results = new(rows, PanelKernel.PanelRows);
            RowBlock prepared = kernel.Prepare(input.Rows, rows, Columns, copy.Rows);
            best[thread] = Best(() =>
            {
                for (int i = 0; i < 16 * Panels; i++)
                {
                    kernel.Multiply(weights.First + (i % Panels * panelBytes), Columns, prepared, rows, results.Rows);
                }
            }, team.Size);
        });
        return best.Sum(seconds => 2.0 * 16 * Panels * PanelKernel.PanelRows * Columns * rows / seconds / 1e9);
    }

    private static unsafe double Bandwidth(ThreadTeam team, long bytes)
    {
        using NativeBuffer buffer = new(bytes);
        long[] sums = new long[team.Size];
        long share = bytes / team.Size / 256 * 256;
        team.Run(thread => Fill(buffer.First + (thread * share), share)); // pages that were never written are all the same
        double seconds = Best(() => team.Run(thread => sums[thread] = Sum(buffer.First + (thread * share), share)), team.Size);
        return share * team.Size / seconds / 1e9;
    }

    private static unsafe void Fill(byte* first, long bytes)
    {
        for (long at = 0; at < bytes; at += 64)
        {
            Vector512.Create(at).Store((long*)(first + at));
        }
    }

    private static unsafe long Sum(byte* first, long bytes)
    {
        Vector512<long> a = default, b = default, c = default, d = default;
        for (byte* at = first; at < first + bytes; at += 256)
        {
            a += Vector512.Load((long*)at);
            b += Vector512.Load((long*)(at + 64));
            c += Vector512.Load((long*)(at + 128));
            d += Vector512.Load((long*)(at + 192));
        }

        return Vector512.Sum(a + b + c + d);
    }

    private static double Best(Action work, int threads)
    {
        double best = double.PositiveInfinity;
        for (int round = 0; round <= Rounds; round++)
        {
            double start = WorkClock.Seconds(threads);
            work();
            best = round == 0 ? best : Math.Min(best, WorkClock.Seconds(threads) - start);
        }

        return best;
    }
}
