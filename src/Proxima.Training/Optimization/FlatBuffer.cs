using Proxima.Models.Native;
using static TorchSharp.torch;

namespace Proxima.Training.Optimization;

/// <summary>A one-dimensional tensor on the CPU, zero at first, with the address of its numbers.</summary>
internal sealed unsafe class FlatBuffer : IDisposable
{
    public FlatBuffer(long count, ScalarType type)
    {
        using var scope = NewDisposeScope();
        Tensor = zeros(count, dtype: type).DetachFromDisposeScope();
        fixed (byte* first = Tensor.narrow(0, 0, 1).bytes) // native memory: it does not move
        {
            First = first;
        }
    }

    /// <summary>[count]</summary>
    public Tensor Tensor { get; }

    /// <summary>The first number.</summary>
    public void* First { get; }

    public float* Floats => (float*)First;

    /// <summary>A part of the buffer in the shape of a parameter.</summary>
    public Tensor Part(long offset, long[] shape) => Tensor.narrow(0, offset, shape.Aggregate(1L, (product, size) => product * size)).view(shape);

    /// <summary>Works on a range of numbers in blocks, on as many threads as libtorch has.</summary>
    /// <param name="count">numbers</param>
    /// <param name="work">takes the first number of a block and how many they are; no tensors there</param>
    public static void ForEachBlock(long count, Action<long, long> work)
    {
        const long Block = 4096; // four arrays of it stay in a core's cache
        int threads = (int)Math.Clamp(count / Block, 1, get_num_threads());
        long share = (((count + threads - 1) / threads) + Block - 1) / Block * Block;
        Parallel.For(0, threads, thread =>
        {
            long end = Math.Min(count, (thread + 1) * share);
            for (long start = thread * share; start < end; start += Block)
            {
                work(start, Math.Min(Block, end - start));
            }
        });
    }

    /// <summary>Zeros, without memory behind them until they are touched.</summary>
    public void ZeroByGivingBack() => NativeHeap.ZeroByGivingBack(First, Tensor.numel() * Tensor.ElementSize);

    public void Dispose() => Tensor.Dispose();
}
