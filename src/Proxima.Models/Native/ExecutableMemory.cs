namespace Proxima.Models.Native;

/// <summary>Machine code in memory that can be run: written first, then made executable and read-only. It stays until the process ends.</summary>
internal static unsafe class ExecutableMemory
{
    private const int Alignment = 64;

    /// <summary>Places pieces of code one after the other.</summary>
    /// <param name="pieces">machine code that does not depend on where it lies</param>
    /// <param name="entries">address of each piece</param>
    /// <returns>whether the system allows it; hardened ones do not</returns>
    public static bool TryPlace(IReadOnlyList<byte[]> pieces, out nint[] entries)
    {
        entries = new nint[pieces.Count];
        nuint size = (nuint)pieces.Sum(piece => piece.Length + Alignment);
        nint memory = Libc.Map(0, size, Libc.ProtectRead | Libc.ProtectWrite, Libc.MapPrivate | Libc.MapAnonymous, -1, 0);
        if (memory == Libc.MapFailed)
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

        if (Libc.Protect(memory, size, Libc.ProtectRead | Libc.ProtectExecute) == 0)
        {
            return true;
        }

        _ = Libc.Unmap(memory, size);
        return false;
    }
}
