using Microsoft.Win32.SafeHandles;
using Proxima.Core;

namespace Proxima.Models.Native;

/// <summary>
/// Loads TorchSharp's native library. It asks for a version of libstdc++ newer than Debian 12 has, for the sake of one
/// link-time marker that nothing uses; on such a machine that request is marked weak in a copy in memory (docs/adr/native-loading.md).
/// </summary>
internal static class ShimLoader
{
    private const string CppLibrary = "libstdc++.so.6";
    private const string Marker = "_ZSt21ios_base_library_initv";
    private const string MarkerVersion = "GLIBCXX_3.4.32";

    /// <summary>Loads the library; libtorch must be loaded before.</summary>
    /// <exception cref="ProximaException">it cannot be loaded; the message says why and what to do</exception>
    public static nint Load(string path)
    {
        nint cpp = LoadCpp();
        bool isNewEnough = System.Runtime.InteropServices.NativeLibrary.TryGetExport(cpp, Marker, out _);
        return isNewEnough ? LibraryLoader.LoadComplete(path) : LoadWeakened(path);
    }

    /// <summary>The C++ run-time library.</summary>
    public static nint LoadCpp() =>
        LibraryLoader.Load(CppLibrary, "Install the C++ run-time library (Debian: apt-get install libstdc++6).");

    private static nint LoadWeakened(string path)
    {
        byte[] image = File.ReadAllBytes(path);
        try
        {
            if (new ElfImage(image).FindUnusedVersion(MarkerVersion) is int flagsAt)
            {
                ElfImage.MarkWeak(image, flagsAt);
            }
        }
        catch (BadImageFormatException reason)
        {
            throw new ProximaException(
                ExitCode.Usage,
                $"{path} cannot be used with this machine's {CppLibrary}, which lacks {MarkerVersion}: {reason.Message}. "
                + "Use a system with GCC 13.2 or newer run-time libraries, or the TorchSharp version this build names.",
                reason);
        }

        return LoadImage(image, path);
    }

    /// <summary>Loads an image from memory, or from a private file where memory files may not be executed.</summary>
    private static nint LoadImage(byte[] image, string path)
    {
        int descriptor = Libc.CreateMemoryFile(Path.GetFileName(path), Libc.CloseOnExecute);
        if (descriptor >= 0)
        {
            using SafeFileHandle file = new(descriptor, ownsHandle: true);
            RandomAccess.Write(file, image, 0);
            nint library = Libc.OpenLibrary($"/proc/self/fd/{descriptor}", Libc.LoadNow);
            if (library != 0)
            {
                return library;
            }
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("proxima-native-");
        try
        {
            string copy = Path.Combine(folder.FullName, Path.GetFileName(path));
            File.WriteAllBytes(copy, image);
            return LibraryLoader.LoadComplete(copy);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
