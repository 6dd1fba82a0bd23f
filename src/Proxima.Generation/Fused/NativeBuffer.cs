using System.Runtime.InteropServices;

namespace Proxima.Generation.Fused;

/// <summary>Memory outside the managed heap, zero at first, each buffer on a cache line of its own.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const nuint Alignment = 64;

    public NativeBuffer(long bytes)
    {
        First = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
        NativeMemory.Clear(First, (nuint)bytes);
    }

    /// <summary>The first byte; null after <see cref="Dispose"/>.</summary>
    public byte* First { get; private set; }

    /// <summary>The first float.</summary>
    public float* Floats => (float*)First;

    public void Dispose()
    {
        NativeMemory.AlignedFree(First);
        First = null;
    }
}
