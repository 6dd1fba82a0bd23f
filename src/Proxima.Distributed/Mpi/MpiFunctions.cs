using System.Runtime.InteropServices;

namespace Proxima.Distributed.Mpi;

/// <summary>
/// The functions of MPI that are used, with the C names of the standard. A handle is passed as a pointer-sized number, of which MPICH
/// reads the lower half.
/// </summary>
internal static unsafe partial class MpiFunctions
{
    /// <summary>The name that <see cref="MpiLibrary"/> resolves to the library of the launcher.</summary>
    public const string Library = "mpi";

    [LibraryImport(Library, EntryPoint = "MPI_Init_thread")]
    public static partial int InitThread(nint argumentCount, nint arguments, int required, int* provided);

    [LibraryImport(Library, EntryPoint = "MPI_Finalize")]
    public static partial int FinalizeAll();

    [LibraryImport(Library, EntryPoint = "MPI_Abort")]
    public static partial int Abort(nint communicator, int exitCode);

    [LibraryImport(Library, EntryPoint = "MPI_Comm_set_errhandler")]
    public static partial int SetErrorHandler(nint communicator, nint handler);

    [LibraryImport(Library, EntryPoint = "MPI_Comm_rank")]
    public static partial int CommunicatorRank(nint communicator, int* rank);

    [LibraryImport(Library, EntryPoint = "MPI_Comm_size")]
    public static partial int CommunicatorSize(nint communicator, int* size);

    [LibraryImport(Library, EntryPoint = "MPI_Comm_split")]
    public static partial int Split(nint communicator, int color, int key, nint* result);

    [LibraryImport(Library, EntryPoint = "MPI_Error_string")]
    public static partial int ErrorString(int code, byte* text, int* length);

    [LibraryImport(Library, EntryPoint = "MPI_Test")]
    public static partial int Test(nint* request, int* isDone, nint status);

    [LibraryImport(Library, EntryPoint = "MPI_Ibarrier")]
    public static partial int Barrier(nint communicator, nint* request);

    [LibraryImport(Library, EntryPoint = "MPI_Ibcast")]
    public static partial int Broadcast(void* data, int count, nint type, int root, nint communicator, nint* request);

    [LibraryImport(Library, EntryPoint = "MPI_Iallreduce")]
    public static partial int AllReduce(void* send, void* receive, int count, nint type, nint operation, nint communicator, nint* request);

    [LibraryImport(Library, EntryPoint = "MPI_Ireduce_scatter")]
    public static partial int ReduceScatter(void* send, void* receive, int* counts, nint type, nint operation, nint communicator, nint* request);

    [LibraryImport(Library, EntryPoint = "MPI_Iallgatherv")]
    public static partial int AllGather(
        void* send, int sendCount, nint sendType, void* receive, int* counts, int* offsets, nint receiveType, nint communicator, nint* request);

    [LibraryImport(Library, EntryPoint = "MPI_Isend")]
    public static partial int Send(void* data, int count, nint type, int target, int tag, nint communicator, nint* request);

    [LibraryImport(Library, EntryPoint = "MPI_Iprobe")]
    public static partial int Probe(int source, int tag, nint communicator, int* isThere, nint status);

    [LibraryImport(Library, EntryPoint = "MPI_Recv")]
    public static partial int Receive(void* data, int count, nint type, int source, int tag, nint communicator, nint status);
}
