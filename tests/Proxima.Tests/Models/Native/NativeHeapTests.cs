using System.Runtime.InteropServices;
using Proxima.Models.Native;
using Proxima.Tests.Cli.Arguments;
using Proxima.Training;

namespace Proxima.Tests.Models.Native;

[Collection(OneAtATime.Name)] // runs beside it would trim the heap too
public sealed class NativeHeapTests
{
    [Fact]
    public unsafe void Every_tenth_step_gives_the_holes_between_small_blocks_back()
    {
        const int Count = 4096;
        const int BigBytes = 64 << 10; // below the size that malloc maps on its own
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
            Array.ForEach(big, block => NativeMemory.Free((void*)block));
            NativeHeap.AfterStep(9);
            double before = ProcessMemory.Gigabytes().Resident;
            NativeHeap.AfterStep(10);
            double after = ProcessMemory.Gigabytes().Resident;

            Assert.True(before - after > .134, $"{before:f3} GB before, {after:f3} GB after: half of the .268 GB of holes should be gone");
        }
        finally
        {
            Array.ForEach(small, block => NativeMemory.Free((void*)block));
        }
    }
}
