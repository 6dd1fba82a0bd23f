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

    private static nint Open(string path, int flags, string cure)
    {
        _ = Libc.LoaderError(); // binds the function now: binding it after a failure would clear the message
        nint library = Libc.OpenLibrary(path, flags);
        return library != 0
            ? library
            : throw new ProximaException(ExitCode.Usage, $"{path} could not be loaded: {Libc.LoaderError()}. {cure}");
    }
}
