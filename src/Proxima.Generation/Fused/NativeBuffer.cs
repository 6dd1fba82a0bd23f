using System.Runtime.InteropServices;
using Proxima.Models.Native;

namespace Proxima.Generation.Fused;

/// <summary>
/// Memory outside the managed heap, zero at first, each buffer on a cache line of its own. Large ones lie in huge pages where the
/// system has them: reading weights once a token crosses so many pages that looking these up takes as long as the reading.
/// </summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const nuint CacheLine = 64;
    private const nuint HugePage = 2 << 20;

    /// <summary>A mapping of its own, from which <see cref="First"/> is cut; 0: none.</summary>
    private readonly nint _mapping;
    private readonly nuint _mappedBytes;

    public NativeBuffer(long bytes)
    {
        if ((nuint)bytes < HugePage)
        {
            First = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, CacheLine);
            NativeMemory.Clear(First, (nuint)bytes);
            return;
        }

        nuint size = ((nuint)bytes + HugePage - 1) / HugePage * HugePage;
        _mappedBytes = size + HugePage;
        _mapping = Libc.Map(0, _mappedBytes, Libc.ProtectRead | Libc.ProtectWrite, Libc.MapPrivate | Libc.MapAnonymous, -1, 0); // zeros, and never memory that small pages hold already
        if (_mapping == Libc.MapFailed)
        {
            throw new InsufficientMemoryException($"the system gives no {bytes:N0} bytes for the fused engine; use shorter or fewer responses, or use_fusemt false");
        }

        First = (byte*)(((nuint)_mapping + HugePage - 1) / HugePage * HugePage);
        _ = Libc.Advise(First, size, Libc.AdviceHugePages); // without them everything works, only slower
    }

    /// <summary>The first byte; null after <see cref="Dispose"/>.</summary>
    public byte* First { get; private set; }

    /// <summary>The first float.</summary>
    public float* Floats => (float*)First;

    public void Dispose()
    {
        if (_mappedBytes == 0)
        {
            NativeMemory.AlignedFree(First);
        }
        else if (First != null)
        {
            _ = Libc.Unmap(_mapping, _mappedBytes);
        }

        First = null;
    }
}
