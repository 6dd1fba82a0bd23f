namespace Proxima.Distributed.Mpi;

/// <summary>Implementations of MPI that differ in their handles.</summary>
public enum MpiKind
{
    OpenMpi,
    Mpich,

    /// <summary>The binary interface that MPI 5.0 has standardised.</summary>
    StandardAbi,
}
