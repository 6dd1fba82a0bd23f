using System.Text;
using Proxima.Core;

namespace Proxima.Distributed.Mpi;

/// <summary>
/// Ranks joined by MPI. Every collective is started without blocking and polled, so that a rank that never comes is noticed. Counts of MPI
/// are 32-bit: longer buffers go in pieces. All calls come from one thread at a time.
/// </summary>
public sealed unsafe class MpiCommunicator : ICommunicator
{
    private const int UsualPiece = 1 << 28;
    private const int Serialized = 2; // MPI_THREAD_SERIALIZED
    private const int LongestError = 8192;
    private const string Exchanged = "exchange";

    private readonly MpiLibrary _library;
    private readonly MpiHandles _handles;
    private readonly Waiting _waiting;
    private readonly bool _isWorld;
    private readonly int _longestPiece; // numbers, or bytes, of one call
    private nint _communicator;

    private MpiCommunicator(MpiLibrary library, nint communicator, IReadOnlyList<int>? worldRanks, Traffic traffic, int longestPiece)
    {
        (_library, _handles, _communicator, Traffic, _longestPiece) = (library, library.Handles, communicator, traffic, longestPiece);
        _isWorld = worldRanks is null;
        Check("setting the error handler", MpiFunctions.SetErrorHandler(communicator, _handles.ErrorsReturn));
        (int rank, int size) = (0, 0);
        Check("asking for the rank", MpiFunctions.CommunicatorRank(communicator, &rank));
        Check("asking for the number of ranks", MpiFunctions.CommunicatorSize(communicator, &size));
        (Rank, Size) = (rank, size);
        _waiting = new Waiting(communicator, _handles, worldRanks ?? [.. Enumerable.Range(0, size)], rank);
    }

    public int Rank { get; }

    public int Size { get; }

    public string Description => $"{Size} ranks, {_library.Version} ({_library.Name})";

    public Traffic Traffic { get; }

    /// <summary>Starts MPI in this process; once.</summary>
    /// <param name="library">the library</param>
    /// <param name="longestPiece">numbers, or bytes, that one call of MPI gets at most</param>
    /// <exception cref="ProximaException">MPI does not start</exception>
    public static MpiCommunicator Start(MpiLibrary library, int longestPiece = UsualPiece)
    {
        ArgumentNullException.ThrowIfNull(library);
        int provided = 0;
        Check("MPI_Init_thread", MpiFunctions.InitThread(0, 0, Serialized, &provided));
        return new MpiCommunicator(library, library.Handles.World, worldRanks: null, new Traffic(), longestPiece);
    }

    public void Barrier(string what)
    {
        nint request = 0;
        Wait($"barrier ({what})", MpiFunctions.Barrier(_communicator, &request), &request);
    }

    public void Broadcast(string what, void* data, long bytes, int root)
    {
        for (long start = 0; start < bytes; start += _longestPiece)
        {
            nint request = 0;
            int count = (int)Math.Min(_longestPiece, bytes - start);
            Wait($"broadcast ({what})", MpiFunctions.Broadcast((byte*)data + start, count, _handles.Byte, root, _communicator, &request), &request);
        }

        Traffic.Add("broadcast", Share(bytes));
    }

    public void AllReduce(string what, float* numbers, long count, Reduction reduction)
    {
        for (long start = 0; start < count; start += _longestPiece)
        {
            nint request = 0;
            int piece = (int)Math.Min(_longestPiece, count - start);
            Wait(
                $"all-reduce ({what})",
                MpiFunctions.AllReduce((void*)_handles.InPlace, numbers + start, piece, _handles.Float, Operation(reduction), _communicator, &request),
                &request);
        }

        Traffic.Add("all-reduce", 2 * Share(count * sizeof(float)));
    }

    public void ReduceScatter(string what, float* numbers, ReadOnlySpan<long> counts, float* part)
    {
        long total = Total(counts);
        int* pieces = stackalloc int[Size];
        for (long start = 0; start < total; start += _longestPiece)
        {
            PiecesOf(counts, start, pieces, null);
            nint request = 0;
            Wait(
                $"reduce-scatter ({what})",
                MpiFunctions.ReduceScatter(numbers + start, part, pieces, _handles.Float, _handles.Sum, _communicator, &request),
                &request);
            part += pieces[Rank];
        }

        Traffic.Add("reduce-scatter", Share(total * sizeof(float)));
    }

    public void AllGather(string what, void* data, ReadOnlySpan<long> bytes) => Traffic.Add("all-gather", GatherAll(what, data, bytes));

    public byte[][] Exchange(string what, ReadOnlySpan<byte> own, CancellationToken hurry = default)
    {
        using IDisposable hurried = _waiting.Hurry(hurry);
        long[] lengths = new long[Size];
        lengths[Rank] = own.Length;
        long[] lengthBytes = new long[Size];
        Array.Fill(lengthBytes, sizeof(long));
        fixed (long* data = lengths)
        {
            Traffic.Add(Exchanged, GatherAll($"lengths of {what}", data, lengthBytes));
        }

        byte[] all = new byte[lengths.Sum()];
        own.CopyTo(all.AsSpan((int)lengths.AsSpan(0, Rank).ToArray().Sum()));
        fixed (byte* data = all)
        {
            Traffic.Add(Exchanged, GatherAll(what, data, lengths));
        }

        byte[][] parts = new byte[Size][];
        int offset = 0;
        for (int rank = 0; rank < Size; rank++)
        {
            parts[rank] = all.AsSpan(offset, (int)lengths[rank]).ToArray();
            offset += (int)lengths[rank];
        }

        return parts;
    }

    public ICommunicator Split(int group)
    {
        byte[][] groups = Exchange("groups of ranks", BitConverter.GetBytes(group));
        nint result = 0;
        Check("MPI_Comm_split", MpiFunctions.Split(_communicator, group, Rank, &result));
        int[] members = [.. Enumerable.Range(0, Size).Where(rank => BitConverter.ToInt32(groups[rank]) == group).Select(rank => _waiting.WorldRanks[rank])];
        return new MpiCommunicator(_library, result, members, Traffic, _longestPiece);
    }

    public void Abort(int exitCode) => _ = MpiFunctions.Abort(_handles.World, exitCode);

    public void Dispose()
    {
        // Groups go with the world: freeing one may wait for ranks that an error has stopped.
        if (_isWorld && _communicator != 0)
        {
            _communicator = 0;
            Check("MPI_Finalize", MpiFunctions.FinalizeAll());
        }
    }

    /// <returns>bytes that this rank sends</returns>
    private long GatherAll(string what, void* data, ReadOnlySpan<long> bytes)
    {
        long total = Total(bytes);
        int* pieces = stackalloc int[2 * Size];
        int* offsets = pieces + Size;
        for (long start = 0; start < total; start += _longestPiece)
        {
            PiecesOf(bytes, start, pieces, offsets);
            nint request = 0;
            Wait(
                $"all-gather ({what})",
                MpiFunctions.AllGather(
                    (void*)_handles.InPlace, 0, _handles.Byte, (byte*)data + start, pieces, offsets, _handles.Byte, _communicator, &request),
                &request);
        }

        return Share(total);
    }

    private nint Operation(Reduction reduction) => reduction switch
    {
        Reduction.Sum => _handles.Sum,
        Reduction.Maximum => _handles.Maximum,
        Reduction.Minimum => _handles.Minimum,
        _ => throw new InvalidOperationException($"reduction {reduction}"),
    };

    /// <summary>n − 1 of n parts.</summary>
    private long Share(long bytes) => bytes / Size * (Size - 1);

    private long Total(ReadOnlySpan<long> counts)
    {
        if (counts.Length != Size)
        {
            throw new ArgumentException($"{counts.Length} parts were given, {Size} were expected: one for each rank", nameof(counts));
        }

        long total = 0;
        foreach (long count in counts)
        {
            total += count;
        }

        return total;
    }

    /// <summary>What of each rank's part lies in the piece that begins at <paramref name="start"/>.</summary>
    private void PiecesOf(ReadOnlySpan<long> counts, long start, int* pieces, int* offsets)
    {
        long end = start + _longestPiece;
        long before = 0;
        for (int rank = 0; rank < counts.Length; rank++)
        {
            long first = Math.Clamp(before, start, end);
            before += counts[rank];
            pieces[rank] = (int)(Math.Clamp(before, start, end) - first);
            if (offsets is not null)
            {
                offsets[rank] = (int)(first - start);
            }
        }
    }

    private void Wait(string what, int started, nint* request)
    {
        Check(what, started);
        Check(what, _waiting.For(what, request));
    }

    private static void Check(string what, int code)
    {
        if (code == 0)
        {
            return;
        }

        byte* text = stackalloc byte[LongestError];
        int length = 0;
        string reason = MpiFunctions.ErrorString(code, text, &length) == 0 ? Encoding.UTF8.GetString(text, length) : "unknown";
        throw new ProximaException(
            ExitCode.PeerLost,
            $"{what}: MPI reports error {code}, {reason}. A rank or the network is gone; look for the first message of another rank, and resume from the last checkpoint.");
    }
}
