using System.Runtime.InteropServices;

namespace Proxima.Generation.Fused;

/// <summary>Floats outside the managed heap, zero at first, each buffer on a cache line of its own.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const nuint Alignment = 64;

    public NativeBuffer(long length)
    {
        nuint bytes = (nuint)length * sizeof(float);
        First = (float*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(First, bytes);
    }

    /// <summary>The first float; null after <see cref="Dispose"/>.</summary>
    public float* First { get; private set; }

    public void Dispose()
    {
        NativeMemory.AlignedFree(First);
        First = null;
    }
}
