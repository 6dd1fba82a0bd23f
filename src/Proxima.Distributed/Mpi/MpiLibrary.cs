using System.Runtime.InteropServices;
using System.Text;
using Proxima.Core;

namespace Proxima.Distributed.Mpi;

/// <summary>The MPI library of this process: found, loaded, and recognised by what it exports.</summary>
public sealed partial class MpiLibrary
{
    private const int LoadNow = 2;
    private const int LoadGlobally = 0x100; // Open MPI's plug-ins look its symbols up among the global ones
    private const int LongestVersion = 8192; // MPI_MAX_LIBRARY_VERSION_STRING is 256 to 8192

    private static nint Loaded;

    private MpiLibrary(string name, MpiKind kind, nint handle)
    {
        (Name, Kind) = (name, kind);
        Handles = MpiHandles.Of(kind, handle);
        Version = ReadVersion(handle);
    }

    /// <summary>The file's name.</summary>
    public string Name { get; }

    public MpiKind Kind { get; }

    /// <summary>What the library calls itself.</summary>
    public string Version { get; }

    internal MpiHandles Handles { get; }

    /// <summary>Loads the library that fits the launcher.</summary>
    /// <exception cref="ProximaException">none of its names can be loaded</exception>
    public static MpiLibrary Load(Launch launch)
    {
        ArgumentNullException.ThrowIfNull(launch);
        return TryLoad(launch.Libraries) ?? throw new ProximaException(
            ExitCode.Usage,
            $"{launch.Size} processes were started by {launch.Launcher}, but its library is not here: tried {string.Join(", ", launch.Libraries)}. "
            + $"Install it (Debian: libopenmpi3 or libmpich12), or give its path in {Launch.LibraryVariable}.");
    }

    /// <summary>The first library of a list that can be loaded; null when there is none.</summary>
    public static MpiLibrary? TryLoad(IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            nint handle = OpenLibrary(name, LoadNow | LoadGlobally);
            if (handle != 0)
            {
                if (Interlocked.CompareExchange(ref Loaded, handle, 0) == 0)
                {
                    NativeLibrary.SetDllImportResolver(typeof(MpiLibrary).Assembly, (library, _, _) => library == MpiFunctions.Library ? Loaded : 0);
                }

                return Loaded == handle ? new MpiLibrary(Path.GetFileName(name), KindOf(name, handle), handle)
                    : throw new InvalidOperationException($"{name}: another MPI library is loaded already");
            }
        }

        return null;
    }

    /// <summary>What <c>proxima doctor</c> says of MPI on this machine.</summary>
    public static Check Inspect()
    {
        List<string> found = [];
        foreach (string name in Launch.KnownLibraries)
        {
            if (NativeLibrary.TryLoad(name, out nint handle) && NativeLibrary.TryGetExport(handle, "MPI_Get_library_version", out _))
            {
                found.Add($"{ReadVersion(handle)} ({name})");
            }
        }

        return MpiLaunchers.Judge(found, MpiLaunchers.Find(Environment.GetEnvironmentVariable("PATH") ?? ""));
    }

    private static MpiKind KindOf(string name, nint handle) =>
        NativeLibrary.TryGetExport(handle, "ompi_mpi_comm_world", out _) ? MpiKind.OpenMpi
        : Path.GetFileName(name).StartsWith("libmpi_abi", StringComparison.Ordinal) ? MpiKind.StandardAbi
        : MpiKind.Mpich;

    /// <summary>What a library calls itself: its first line up to a comma.</summary>
    private static unsafe string ReadVersion(nint handle)
    {
        var getVersion = (delegate* unmanaged<byte*, int*, int>)NativeLibrary.GetExport(handle, "MPI_Get_library_version");
        byte* text = stackalloc byte[LongestVersion];
        int length = 0;
        return getVersion(text, &length) == 0
            ? string.Join(' ', Encoding.UTF8.GetString(text, Math.Max(0, length)).TrimEnd('\0').Split(['\n', ','])[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            : "a library without a version";
    }

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint OpenLibrary(string path, int flags);
}
