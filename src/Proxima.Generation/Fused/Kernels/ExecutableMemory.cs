using System.Runtime.InteropServices;

namespace Proxima.Generation.Fused.Kernels;

/// <summary>Machine code in memory that can be run: written first, then made executable and read-only. It stays until the process ends.</summary>
internal static unsafe partial class ExecutableMemory
{
    private const int Read = 1;
    private const int Write = 2;
    private const int Execute = 4;
    private const int PrivateAnonymous = 0x22;
    private const int Alignment = 64;
    private static readonly nint Failed = -1;

    /// <summary>Places pieces of code one after the other.</summary>
    /// <param name="pieces">machine code that does not depend on where it lies</param>
    /// <param name="entries">address of each piece</param>
    /// <returns>whether the system allows it; hardened ones do not</returns>
    public static bool TryPlace(IReadOnlyList<byte[]> pieces, out nint[] entries)
    {
        entries = new nint[pieces.Count];
        nuint size = (nuint)pieces.Sum(piece => piece.Length + Alignment);
        nint memory = Map(0, size, Read | Write, PrivateAnonymous, -1, 0);
        if (memory == Failed)
        {
            return false;
        }

        nint next = memory;
        for (int i = 0; i < pieces.Count; i++)
        {
            entries[i] = next;
            pieces[i].CopyTo(new Span<byte>((void*)next, pieces[i].Length));
            next = (next + pieces[i].Length + Alignment - 1) / Alignment * Alignment;
        }

        if (Protect(memory, size, Read | Execute) == 0)
        {
            return true;
        }

        _ = Unmap(memory, size);
        return false;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
