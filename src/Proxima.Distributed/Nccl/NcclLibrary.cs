using System.Runtime.InteropServices;
using Proxima.Core;

namespace Proxima.Distributed.Nccl;

/// <summary>
/// NCCL's C API as nccl.h declares it, and the two functions of the CUDA run-time that go with it. The library comes with the CUDA libtorch at
/// hand.
/// </summary>
public sealed unsafe class NcclLibrary
{
    /// <summary>The file's name.</summary>
    public const string FileName = "libnccl.so.2";

    private NcclLibrary(string path, nint nccl, nint cuda)
    {
        Path = path;
        GetVersion = (delegate* unmanaged<int*, int>)Function(nccl, "ncclGetVersion");
        GetUniqueId = (delegate* unmanaged<NcclUniqueId*, int>)Function(nccl, "ncclGetUniqueId");
        InitRank = (delegate* unmanaged<nint*, int, NcclUniqueId, int, int>)Function(nccl, "ncclCommInitRank");
        Destroy = (delegate* unmanaged<nint, int>)Function(nccl, "ncclCommDestroy");
        Abort = (delegate* unmanaged<nint, int>)Function(nccl, "ncclCommAbort");
        AsyncError = (delegate* unmanaged<nint, int*, int>)Function(nccl, "ncclCommGetAsyncError");
        ErrorString = (delegate* unmanaged<int, nint>)Function(nccl, "ncclGetErrorString");
        AllReduce = (delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int>)Function(nccl, "ncclAllReduce");
        ReduceScatter = (delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int>)Function(nccl, "ncclReduceScatter");
        AllGather = (delegate* unmanaged<nint, nint, nuint, int, nint, nint, int>)Function(nccl, "ncclAllGather");
        Broadcast = (delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int>)Function(nccl, "ncclBroadcast");
        SetDevice = (delegate* unmanaged<int, int>)Function(cuda, "cudaSetDevice");
        StreamQuery = (delegate* unmanaged<nint, int>)Function(cuda, "cudaStreamQuery");
    }

    /// <summary>Where it was found.</summary>
    public string Path { get; }

    /// <summary>Its version, such as 2.27.5.</summary>
    public string Version
    {
        get
        {
            int version = 0;
            return GetVersion(&version) == 0 ? $"{version / 10000}.{version / 100 % 100}.{version % 100}" : "unknown";
        }
    }

    internal delegate* unmanaged<int*, int> GetVersion { get; }

    internal delegate* unmanaged<NcclUniqueId*, int> GetUniqueId { get; }

    /// <summary>(communicator, ranks, id, rank).</summary>
    internal delegate* unmanaged<nint*, int, NcclUniqueId, int, int> InitRank { get; }

    internal delegate* unmanaged<nint, int> Destroy { get; }

    internal delegate* unmanaged<nint, int> Abort { get; }

    internal delegate* unmanaged<nint, int*, int> AsyncError { get; }

    internal delegate* unmanaged<int, nint> ErrorString { get; }

    /// <summary>(send, receive, numbers, type, operation, communicator, stream).</summary>
    internal delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int> AllReduce { get; }

    /// <summary>(send, receive, numbers received, type, operation, communicator, stream).</summary>
    internal delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int> ReduceScatter { get; }

    /// <summary>(send, receive, numbers sent, type, communicator, stream).</summary>
    internal delegate* unmanaged<nint, nint, nuint, int, nint, nint, int> AllGather { get; }

    /// <summary>(send, receive, numbers, type, root, communicator, stream).</summary>
    internal delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int> Broadcast { get; }

    /// <summary>Makes a device the one of this thread.</summary>
    internal delegate* unmanaged<int, int> SetDevice { get; }

    /// <summary>0: all work of a stream is done; 600: not yet; another number: an error.</summary>
    internal delegate* unmanaged<nint, int> StreamQuery { get; }

    /// <summary>The places in which NCCL is looked for, given those of libtorch.</summary>
    /// <param name="torchFolder">folder with libtorch_cuda.so</param>
    private static IReadOnlyList<string> Places(string torchFolder) =>
    [
        System.IO.Path.Combine(torchFolder, FileName),
        System.IO.Path.GetFullPath(System.IO.Path.Combine(torchFolder, "..", "..", "nvidia", "nccl", "lib", FileName)),
        FileName, // loaded already with libtorch_cuda.so, or where the loader looks
        System.IO.Path.Combine(torchFolder, "libtorch_cuda.so"), // in it, where NCCL was linked into it
    ];

    /// <summary>Loads the NCCL of a libtorch.</summary>
    /// <param name="torchFolder">folder with libtorch_cuda.so</param>
    /// <exception cref="ProximaException">it is nowhere, or lacks a function</exception>
    public static NcclLibrary LoadBeside(string torchFolder) => Load(Places(torchFolder), System.IO.Path.Combine(torchFolder, "libc10_cuda.so"));

    /// <summary>Loads NCCL.</summary>
    /// <param name="places">files, in order of preference</param>
    /// <param name="cudaLibrary">a loaded or loadable library that needs the CUDA run-time: its functions are found through it</param>
    /// <exception cref="ProximaException">it is nowhere, or lacks a function</exception>
    public static NcclLibrary Load(IReadOnlyList<string> places, string cudaLibrary)
    {
        ArgumentNullException.ThrowIfNull(places);
        foreach (string place in places)
        {
            if (NativeLibrary.TryLoad(place, out nint nccl) && NativeLibrary.TryGetExport(nccl, "ncclGetUniqueId", out _))
            {
                return NativeLibrary.TryLoad(cudaLibrary, out nint cuda)
                    ? new NcclLibrary(place, nccl, cuda)
                    : throw new ProximaException(ExitCode.Usage, $"{cudaLibrary} could not be loaded, through which NCCL's CUDA run-time is found. Name a CUDA libtorch in LIBTORCH_DIR.");
            }
        }

        throw new ProximaException(
            ExitCode.Usage,
            $"NCCL was not found: tried {string.Join(", ", places)}. It comes with a CUDA PyTorch (pip package nvidia-nccl-cu12 or -cu13); name its torch/lib folder in LIBTORCH_DIR.");
    }

    private static nint Function(nint library, string name) => NativeLibrary.TryGetExport(library, name, out nint function)
        ? function
        : throw new ProximaException(ExitCode.Usage, $"NCCL or the CUDA run-time lacks {name}. Use NCCL 2.18 or newer, as a PyTorch brings it.");
}
