using System.Diagnostics;
using System.Runtime.InteropServices;
using Proxima.Core;
using Proxima.Distributed.Mpi;

namespace Proxima.Distributed.Nccl;

/// <summary>
/// Collectives on float32 numbers in the memory of GPUs, one GPU a rank. They run on CUDA's default stream, after what libtorch has begun there,
/// and are waited for with a limit of time, so that a rank that never comes is noticed. Everything else that ranks tell each other goes over
/// the communicator of the host.
/// </summary>
public sealed unsafe class NcclRanks : IDisposable
{
    private const int Float32 = 7; // ncclFloat32
    private const int Sum = 0; // ncclSum
    private const int InProgress = 7; // ncclInProgress
    private const int NotReady = 600; // cudaErrorNotReady
    private const nint DefaultStream = 0;

    private static readonly TimeSpan Eager = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(0.05);

    private readonly NcclLibrary _library;
    private readonly ICommunicator _host;
    private readonly TimeSpan _limit = Waiting.UsualLimit();
    private nint _communicator;

    private NcclRanks(NcclLibrary library, ICommunicator host, nint communicator) =>
        (_library, _host, _communicator) = (library, host, communicator);

    /// <summary>For the log.</summary>
    public string Description => $"NCCL {_library.Version} ({_library.Path})";

    /// <summary>Joins the GPUs of all ranks. Every rank calls it.</summary>
    /// <param name="library">NCCL</param>
    /// <param name="host">the ranks; rank 0 tells the others by what they know each other</param>
    /// <param name="device">number of this rank's GPU on its host</param>
    /// <exception cref="ProximaException">exit code PeerLost: NCCL does not start</exception>
    public static NcclRanks Start(NcclLibrary library, ICommunicator host, int device)
    {
        ArgumentNullException.ThrowIfNull(library);
        ArgumentNullException.ThrowIfNull(host);
        NcclUniqueId id = default;
        nint communicator = 0;
        if (library.SetDevice(device) is not 0 and int error)
        {
            throw new ProximaException(ExitCode.Usage, $"device cuda:{device} of rank {host.Rank} cannot be used: CUDA error {error}. Start no more ranks on a host than it has GPUs.");
        }

        Check(library, "ncclGetUniqueId", host.Rank == 0 ? library.GetUniqueId(&id) : 0);
        host.Broadcast("the id of NCCL's communicator", &id, NcclUniqueId.Size, root: 0);
        Check(library, "ncclCommInitRank", library.InitRank(&communicator, host.Size, id, host.Rank));
        return new NcclRanks(library, host, communicator);
    }

    /// <summary>Puts the sum over all ranks in place of each number. All ranks get the same bits.</summary>
    /// <param name="what">what they are, for messages</param>
    /// <param name="numbers">address of [count] on the GPU</param>
    /// <param name="count">the same on all ranks</param>
    public void AllReduce(string what, nint numbers, long count)
    {
        Run($"NCCL all-reduce ({what})", _library.AllReduce(numbers, numbers, (nuint)count, Float32, Sum, _communicator, DefaultStream));
        Count("all-reduce", 2 * Others * (count / _host.Size));
    }

    /// <summary>Sums numbers over all ranks; each rank receives an equal part of the sums.</summary>
    /// <param name="what">what they are, for messages</param>
    /// <param name="numbers">address of [ranks · count] on the GPU; unchanged</param>
    /// <param name="count">numbers of a part</param>
    /// <param name="part">address of [count], receives the sums of this rank's part</param>
    public void ReduceScatter(string what, nint numbers, long count, nint part)
    {
        Run($"NCCL reduce-scatter ({what})", _library.ReduceScatter(numbers, part, (nuint)count, Float32, Sum, _communicator, DefaultStream));
        Count("reduce-scatter", Others * count);
    }

    /// <summary>Fills a buffer of which each rank holds an equal part.</summary>
    /// <param name="what">what it is, for messages</param>
    /// <param name="part">address of [count], this rank's part; may lie in the buffer at its place</param>
    /// <param name="count">numbers of a part</param>
    /// <param name="numbers">address of [ranks · count] on the GPU</param>
    public void AllGather(string what, nint part, long count, nint numbers)
    {
        Run($"NCCL all-gather ({what})", _library.AllGather(part, numbers, (nuint)count, Float32, _communicator, DefaultStream));
        Count("all-gather", Others * count);
    }

    /// <summary>Gives every rank the numbers of one.</summary>
    /// <param name="what">what they are, for messages</param>
    /// <param name="numbers">address of [count] on the GPU</param>
    /// <param name="count">the same on all ranks</param>
    /// <param name="root">whose numbers they are</param>
    public void Broadcast(string what, nint numbers, long count, int root)
    {
        Run($"NCCL broadcast ({what})", _library.Broadcast(numbers, numbers, (nuint)count, Float32, root, _communicator, DefaultStream));
        Count("broadcast", Others * (count / _host.Size));
    }

    public void Dispose()
    {
        if (_communicator != 0)
        {
            _ = _library.Destroy(_communicator);
            _communicator = 0;
        }
    }

    private long Others => _host.Size - 1;

    /// <summary>Adds numbers that this rank has sent to what the host's communicator counts.</summary>
    private void Count(string collective, long numbers) => _host.Traffic.Add(collective, numbers * sizeof(float));

    private void Run(string what, int started)
    {
        Check(_library, what, started is InProgress ? 0 : started);
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            int error = 0;
            int asked = _library.AsyncError(_communicator, &error);
            string? trouble = asked != 0 ? Reason(_library, asked) : error is not (0 or InProgress) ? Reason(_library, error) : null;
            int stream = _library.StreamQuery(DefaultStream);
            TimeSpan waited = Stopwatch.GetElapsedTime(start);
            trouble ??= stream is not (0 or NotReady) ? $"CUDA error {stream}" : null;
            trouble ??= stream == NotReady && waited > _limit ? $"not all ranks came within {_limit.TotalSeconds:0} s" : null;
            if (trouble is not null)
            {
                _ = _library.Abort(_communicator); // the others are told, and the stream is free again
                _communicator = 0;
                throw Lost($"{what}, rank {_host.Rank}", trouble);
            }

            if (stream == 0 && error == 0)
            {
                return;
            }

            _ = waited < Eager ? Thread.Yield() : Sleep();
        }
    }

    private static bool Sleep()
    {
        Thread.Sleep(Pause);
        return true;
    }

    private static void Check(NcclLibrary library, string what, int code)
    {
        if (code != 0)
        {
            throw Lost(what, Reason(library, code));
        }
    }

    private static string Reason(NcclLibrary library, int code) => $"error {code}, {Marshal.PtrToStringUTF8(library.ErrorString(code))}";

    private static ProximaException Lost(string what, string reason) => new(
        ExitCode.PeerLost,
        $"{what}: {reason}. A rank, its GPU or the network is gone; look for the first message of another rank, set NCCL_DEBUG=INFO for NCCL's own, and resume from the last checkpoint.");
}
