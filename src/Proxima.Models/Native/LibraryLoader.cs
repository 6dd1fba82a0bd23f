using System.Buffers.Binary;
using Proxima.Core;

namespace Proxima.Models.Native;

/// <summary>Loads shared libraries and turns the dynamic loader's complaints into errors with a cure.</summary>
internal static class LibraryLoader
{
    /// <summary>Loads a library; functions that it lacks are noticed when they are called.</summary>
    /// <exception cref="ProximaException">it cannot be loaded</exception>
    public static nint Load(string path, string cure) => Open(path, Libc.LoadLazy, cure);

    /// <summary>Loads a library and resolves everything it needs at once.</summary>
    /// <exception cref="ProximaException">it cannot be loaded, or libtorch lacks a function it needs</exception>
    public static nint LoadComplete(string path) => Open(
        path,
        Libc.LoadNow,
        $"This libtorch and this TorchSharp do not fit together: use the libtorch package of this build, or another {LibTorchPlaces.Variable} (proxima doctor lists what is missing).");

    /// <summary>
    /// Checks that a library file is whole: it ends with its table of sections. The loader would map what is missing, and
    /// the process would die of it.
    /// </summary>
    /// <exception cref="ProximaException">it is cut off, or no library</exception>
    public static void CheckWhole(string path)
    {
        const int HeaderSize = 64;
        if (!File.Exists(path))
        {
            return; // the loader says so
        }

        Span<byte> header = stackalloc byte[HeaderSize];
        using var file = File.OpenHandle(path);
        long length = RandomAccess.GetLength(file);
        bool isElf = RandomAccess.Read(file, header, 0) == HeaderSize && header[..4].SequenceEqual("\u007fELF"u8);
        long end = !isElf
            ? long.MaxValue
            : (long)BinaryPrimitives.ReadUInt64LittleEndian(header[0x28..])
                + BinaryPrimitives.ReadUInt16LittleEndian(header[0x3a..]) * BinaryPrimitives.ReadUInt16LittleEndian(header[0x3c..]);
        if (length < end)
        {
            throw new ProximaException(
                ExitCode.Usage,
                $"{path} is {(isElf ? $"cut off: it has {length:n0} of {end:n0} bytes" : "no library")}. Fetch it again (dotnet restore --force, or unpack libtorch anew).");
        }
    }

    private static nint Open(string path, int flags, string cure)
    {
        _ = Libc.LoaderError(); // binds the function now: binding it after a failure would clear the message
        nint library = Libc.OpenLibrary(path, flags);
        return library != 0
            ? library
            : throw new ProximaException(ExitCode.Usage, $"{path} could not be loaded: {Libc.LoaderError()}. {cure}");
    }
}
