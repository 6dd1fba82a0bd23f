using System.Runtime.InteropServices;

namespace Proxima.Core.Untrusted;

/// <summary>
/// Files that are read whole or mapped. A pipe would be waited for without end and a device has none, so both are refused before they are opened.
/// .NET does not tell them from files; see docs/adr/folder-sync.md.
/// </summary>
public static partial class RegularFile
{
    private const int FromWorkingDirectory = -100; // AT_FDCWD
    private const uint Type = 1; // STATX_TYPE
    private const int SizeOfStatus = 256; // struct statx of linux/stat.h, the same on all processors
    private const int OffsetOfMode = 28;
    private const int TypeBits = 0xF000; // S_IFMT
    private const int Regular = 0x8000; // S_IFREG
    private const int Folder = 0x4000; // S_IFDIR

    /// <summary>Opens a file to read it.</summary>
    /// <exception cref="IOException">it is a pipe, a socket or a device, or cannot be opened</exception>
    public static FileStream OpenRead(string path)
    {
        Require(path);
        return File.OpenRead(path);
    }

    /// <summary>Refuses what is neither a file nor a folder; one that is not there, or cannot be looked at, is left to the reader.</summary>
    /// <exception cref="IOException">it is a pipe, a socket or a device</exception>
    public static unsafe void Require(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        byte* status = stackalloc byte[SizeOfStatus];
        bool isThere = Status(FromWorkingDirectory, path, flags: 0, Type, status) == 0;
        if (isThere && (*(ushort*)(status + OffsetOfMode) & TypeBits) is not (Regular or Folder))
        {
            throw new IOException("It is a pipe, a socket or a device; expected a regular file.");
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Status(int folder, string path, int flags, uint mask, byte* status);
}
