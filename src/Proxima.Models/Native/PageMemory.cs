using System.Runtime.InteropServices;

namespace Proxima.Models.Native;

/// <summary>Gives the memory of parts of a buffer back while the buffer stays where it is: what is read there afterwards is 0.</summary>
public static unsafe partial class PageMemory
{
    private const int DontNeed = 4; // MADV_DONTNEED

    /// <summary>Sets bytes to 0. Whole pages among them take no memory until they are written again.</summary>
    /// <param name="first">the first byte; of private memory, such as that of a tensor</param>
    /// <param name="bytes">how many</param>
    public static void Clear(byte* first, long bytes)
    {
        long page = Environment.SystemPageSize;
        byte* end = first + bytes;
        byte* firstWhole = (byte*)(((nint)first + page - 1) / page * page);
        byte* endWhole = (byte*)((nint)end / page * page);
        if (firstWhole >= endWhole || Advise(firstWhole, (nuint)(endWhole - firstWhole), DontNeed) != 0)
        {
            NativeMemory.Clear(first, (nuint)bytes);
            return;
        }

        NativeMemory.Clear(first, (nuint)(firstWhole - first));
        NativeMemory.Clear(endWhole, (nuint)(end - endWhole));
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(byte* first, nuint length, int advice);
}
