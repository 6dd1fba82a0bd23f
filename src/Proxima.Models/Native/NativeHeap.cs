using System.Runtime.InteropServices;

namespace Proxima.Models.Native;

/// <summary>Memory of the process outside the managed heap: that of libtorch's tensors and all that malloc has.</summary>
public static class NativeHeap
{
    private const int StepsBetweenTrims = 10;

    /// <summary>
    /// Gives the free pages of malloc's heap back to the kernel after every tenth step. Blocks of changing sizes leave holes, so it would grow
    /// in a long run without a leak (docs/adr/native-loading.md). Large tensors are not there: their pages stay, for the next step wants them.
    /// </summary>
    /// <param name="step">number of the step that has ended, from 1</param>
    public static void AfterStep(int step)
    {
        if (step % StepsBetweenTrims == 0)
        {
            _ = Libc.TrimHeap(0);
        }
    }

    /// <summary>Gives the free pages of malloc's heap and of that of large tensors back to the kernel, so that the resident memory is that of what lives.</summary>
    public static void GiveBack()
    {
        TensorHeap.GiveBack();
        _ = Libc.TrimHeap(0);
    }

    /// <summary>Fills memory with zeros by giving its pages back to the kernel, which brings zeros when they are touched again.</summary>
    /// <param name="first">the first byte, of memory that belongs to no file</param>
    /// <param name="bytes">how many</param>
    public static unsafe void ZeroByGivingBack(void* first, long bytes)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        nuint start = ((nuint)first + page - 1) / page * page;
        nuint end = ((nuint)first + (nuint)bytes) / page * page;
        if (start >= end || Libc.Advise((void*)start, end - start, Libc.AdviceNotNeeded) != 0)
        {
            NativeMemory.Clear(first, (nuint)bytes);
            return;
        }

        NativeMemory.Clear(first, start - (nuint)first);
        NativeMemory.Clear((void*)end, (nuint)first + (nuint)bytes - end);
    }
}
