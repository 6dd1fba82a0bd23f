using System.Runtime.InteropServices;

namespace Proxima.Distributed.Mpi;

/// <summary>
/// The handles and constants of one implementation: addresses of exported objects in Open MPI, fixed numbers in MPICH (mpi.h) and in the
/// standard binary interface (MPI 5.0, appendix A).
/// </summary>
internal sealed record MpiHandles
{
    public required nint World { get; init; }

    public required nint Float { get; init; }

    public required nint Byte { get; init; }

    public required nint Sum { get; init; }

    public required nint Maximum { get; init; }

    public required nint Minimum { get; init; }

    public required nint ErrorsReturn { get; init; }

    /// <summary>MPI_IN_PLACE.</summary>
    public required nint InPlace { get; init; }

    /// <summary>MPI_STATUS_IGNORE.</summary>
    public required nint NoStatus { get; init; }

    public static MpiHandles Of(MpiKind kind, nint library) => kind switch
    {
        MpiKind.OpenMpi => new()
        {
            World = NativeLibrary.GetExport(library, "ompi_mpi_comm_world"),
            Float = NativeLibrary.GetExport(library, "ompi_mpi_float"),
            Byte = NativeLibrary.GetExport(library, "ompi_mpi_byte"),
            Sum = NativeLibrary.GetExport(library, "ompi_mpi_op_sum"),
            Maximum = NativeLibrary.GetExport(library, "ompi_mpi_op_max"),
            Minimum = NativeLibrary.GetExport(library, "ompi_mpi_op_min"),
            ErrorsReturn = NativeLibrary.GetExport(library, "ompi_mpi_errors_return"),
            InPlace = 1,
            NoStatus = 0,
        },
        MpiKind.Mpich => new()
        {
            World = 0x44000000,
            Float = 0x4c00040a,
            Byte = 0x4c00010d,
            Maximum = 0x58000001,
            Minimum = 0x58000002,
            Sum = 0x58000003,
            ErrorsReturn = 0x54000001,
            InPlace = -1,
            NoStatus = 1,
        },
        MpiKind.StandardAbi => new()
        {
            World = 0x101,
            Float = 0x210,
            Byte = 0x247,
            Sum = 0x21,
            Minimum = 0x22,
            Maximum = 0x23,
            ErrorsReturn = 0x143,
            InPlace = 1,
            NoStatus = 0,
        },
        _ => throw new InvalidOperationException($"MPI {kind}"),
    };
}
