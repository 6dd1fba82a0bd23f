using System.Runtime.InteropServices;
using Proxima.Models.Native;

namespace Proxima.Tests.Models.Native;

public sealed partial class NativeHeapTests
{
    private const int Count = 4096;
    private const int BigBytes = 64 << 10; // below the size that malloc maps on its own

    [Fact]
    public unsafe void Every_tenth_step_gives_the_holes_between_small_blocks_back()
    {
        var big = new nint[Count];
        var small = new nint[Count];
        for (int i = 0; i < Count; i++)
        {
            big[i] = (nint)NativeMemory.Alloc(BigBytes);
            NativeMemory.Fill((void*)big[i], BigBytes, 1);
            small[i] = (nint)NativeMemory.Alloc(64);
        }

        try
        {
            Assert.Equal(1, ResidentShare(big));
            Array.ForEach(big, block => NativeMemory.Free((void*)block));
            NativeHeap.AfterStep(10);
            Assert.InRange(ResidentShare(big), 0, .5); // other tests may have taken some of the holes
        }
        finally
        {
            Array.ForEach(small, block => NativeMemory.Free((void*)block));
        }
    }

    /// <summary>Of the pages that lie whole within blocks, how many the kernel holds in memory.</summary>
    private static unsafe double ResidentShare(nint[] blocks)
    {
        nint page = Environment.SystemPageSize;
        byte[] isResident = new byte[BigBytes / page];
        int resident = 0;
        int all = 0;
        foreach (nint block in blocks)
        {
            nint first = (block + page - 1) / page * page;
            nint pages = (block + BigBytes - first) / page;
            fixed (byte* flags = isResident)
            {
                bool isMapped = mincore((void*)first, (nuint)(pages * page), flags) == 0; // the end of the heap goes back whole
                resident += isMapped ? isResident.Take((int)pages).Count(flag => (flag & 1) != 0) : 0;
            }

            all += (int)pages;
        }

        return (double)resident / all;
    }

    [LibraryImport("libc")]
    private static unsafe partial int mincore(void* first, nuint bytes, byte* flags);
}
