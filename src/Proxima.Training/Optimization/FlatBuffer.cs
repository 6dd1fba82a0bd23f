using Proxima.Models.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Proxima.Training.Optimization;

/// <summary>A one-dimensional tensor, zero at first, with the address of its numbers.</summary>
internal sealed unsafe class FlatBuffer : IDisposable
{
    /// <param name="count">numbers, at least one</param>
    /// <param name="type">of the numbers</param>
    /// <param name="device">where they are; null: the CPU</param>
    public FlatBuffer(long count, ScalarType type, Device? device = null)
    {
        using var scope = NewDisposeScope();
        Tensor = zeros(count, dtype: type, device: device).DetachFromDisposeScope();
        IsOnHost = Tensor.device_type == DeviceType.CPU;
        First = IsOnHost ? (void*)TensorAddress.Of(Tensor) : null;
    }

    /// <summary>[count]</summary>
    public Tensor Tensor { get; }

    /// <summary>Whether the processor can reach the numbers.</summary>
    public bool IsOnHost { get; }

    /// <summary>The first number; null on another device than the CPU.</summary>
    public void* First { get; }

    public float* Floats => (float*)First;

    /// <summary>Bytes of a number.</summary>
    public long NumberSize => Tensor.ElementSize;

    /// <summary>Sets numbers to 0; on the CPU the memory of whole pages of them is given back.</summary>
    public void Clear(FlatRange range)
    {
        if (IsOnHost)
        {
            NativeHeap.ZeroByGivingBack((byte*)First + (range.Start * NumberSize), range.Count * NumberSize);
            return;
        }

        using var scope = NewDisposeScope();
        Tensor.narrow(0, range.Start, range.Count).zero_();
    }

    /// <summary>A part of the buffer in the shape of a parameter.</summary>
    public Tensor Part(long offset, long[] shape) => Tensor.narrow(0, offset, shape.Aggregate(1L, (product, size) => product * size)).view(shape);

    /// <summary>Works on a range of numbers in blocks, on as many threads as libtorch has.</summary>
    /// <param name="range">the numbers</param>
    /// <param name="work">takes the first number of a block and how many they are; no tensors there</param>
    public static void ForEachBlock(FlatRange range, Action<long, long> work)
    {
        const long Block = 4096; // four arrays of it stay in a core's cache
        int threads = (int)Math.Clamp(range.Count / Block, 1, get_num_threads());
        long share = (((range.Count + threads - 1) / threads) + Block - 1) / Block * Block;
        Parallel.For(0, threads, thread =>
        {
            long end = Math.Min(range.End, range.Start + ((thread + 1) * share));
            for (long start = range.Start + (thread * share); start < end; start += Block)
            {
                work(start, Math.Min(Block, end - start));
            }
        });
    }

    public void Dispose() => Tensor.Dispose();
}
