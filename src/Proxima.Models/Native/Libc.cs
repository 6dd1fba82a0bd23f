using System.Runtime.InteropServices;

namespace Proxima.Models.Native;

/// <summary>The few functions of glibc that loading and leaving need. .NET's own calls do not reach <c>getenv</c> or <c>mallopt</c>.</summary>
internal static partial class Libc
{
    public const int LoadLazy = 1;
    public const int LoadNow = 2;
    public const uint CloseOnExecute = 1;

    /// <summary>Keys of <see cref="SetMallocOption"/> (malloc.h).</summary>
    public const int MallocTrimThreshold = -1;
    public const int MallocTopPad = -2;
    public const int MallocMmapMaximum = -4;
    public const int MallocArenaMaximum = -8;

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint OpenLibrary(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dlerror")]
    private static partial nint TakeLoaderError();

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetVariable(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    public static partial int SetMallocOption(int key, int value);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    public static partial int TrimHeap(nint keptAtTop);

    /// <summary>MADV_DONTNEED and MADV_HUGEPAGE.</summary>
    public const int AdviceNotNeeded = 4;
    public const int AdviceHugePages = 14;

    [LibraryImport("libc", EntryPoint = "madvise")]
    public static unsafe partial int Advise(void* address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CreateMemoryFile(string name, uint flags);

    /// <summary>Bits of <see cref="Map"/> and <see cref="Protect"/> (mman.h).</summary>
    public const int ProtectRead = 1;
    public const int ProtectWrite = 2;
    public const int ProtectExecute = 4;
    public const int MapPrivate = 0x02;
    public const int MapAnonymous = 0x20;
    public const int MapNoReserve = 0x4000;
    public const nint MapFailed = -1;

    [LibraryImport("libc", EntryPoint = "mmap")]
    public static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    public static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    public static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void ExitAtOnce(int status);

    /// <summary>What the dynamic loader said about its last failure.</summary>
    public static string LoaderError() => Marshal.PtrToStringUTF8(TakeLoaderError()) ?? "no reason given";
}
