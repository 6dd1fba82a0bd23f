using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Proxima.Core.Runs;

/// <summary>
/// Forces a folder's entries to the disk, so that a rename survives a loss of power. .NET cannot open a folder; see docs/adr/folder-sync.md.
/// </summary>
internal static partial class FolderSync
{
    private const int ReadOnly = 0;
    private const int InvalidArgument = 22;
    private const int NotSupported = 95;

    /// <summary>Returns when the folder's entries are on the disk.</summary>
    /// <exception cref="IOException">the folder cannot be opened or synchronised</exception>
    public static void Flush(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        int handle = Open(folder, ReadOnly);
        if (handle < 0)
        {
            throw Failed("opened", folder, Marshal.GetLastPInvokeError());
        }

        int result = Sync(handle);
        int error = Marshal.GetLastPInvokeError();
        _ = Close(handle);

        // Some network file systems have no such call for folders: there is nothing to wait for.
        if (result < 0 && error is not (InvalidArgument or NotSupported))
        {
            throw Failed("synchronised", folder, error);
        }
    }

    private static IOException Failed(string what, string folder, int error) =>
        new($"folder {folder} cannot be {what}: {new Win32Exception(error).Message}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
