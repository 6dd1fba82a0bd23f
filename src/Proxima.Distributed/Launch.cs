using System.Globalization;
using Proxima.Core;
using Proxima.Distributed.Mpi;

namespace Proxima.Distributed;

/// <summary>How this process was started: alone, or as one of many by mpirun or srun. The launcher says so in variables of the environment.</summary>
public sealed record Launch
{
    /// <summary>A library to load instead of the one that fits the launcher.</summary>
    public const string LibraryVariable = "PROXIMA_MPI_LIBRARY";

    private static readonly string[] OpenMpiLibraries = ["libmpi.so.40", "libmpi_abi.so.0"];
    private static readonly string[] MpichLibraries = ["libmpich.so.12", "libmpi.so.12", "libmpi_abi.so.0"];

    /// <summary>Every name under which a library is looked for.</summary>
    public static IReadOnlyList<string> KnownLibraries { get; } = [.. OpenMpiLibraries.Union(MpichLibraries)];

    /// <summary>What started the process, in words.</summary>
    public required string Launcher { get; init; }

    /// <summary>This rank, as the launcher numbers it.</summary>
    public required int Rank { get; init; }

    /// <summary>Processes that were started together.</summary>
    public required int Size { get; init; }

    /// <summary>Names under which the library of the launcher is looked for, in this order.</summary>
    public required IReadOnlyList<string> Libraries { get; init; }

    /// <summary>Reads the environment of this process.</summary>
    /// <exception cref="ProximaException">srun started several processes that do not know of each other</exception>
    public static Launch OfProcess() => Read(Environment.GetEnvironmentVariable);

    /// <summary>Reads an environment.</summary>
    /// <param name="variable">value of a variable; null where it is not set</param>
    /// <exception cref="ProximaException">srun started several processes that do not know of each other</exception>
    public static Launch Read(Func<string, string?> variable)
    {
        int? Number(string name) => int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
        Launch launch =
            Number("OMPI_COMM_WORLD_SIZE") is int ofOpenMpi ? new()
            {
                Launcher = "mpirun of Open MPI",
                Rank = Number("OMPI_COMM_WORLD_RANK") ?? 0,
                Size = ofOpenMpi,
                Libraries = OpenMpiLibraries,
            }
            : Number("PMI_RANK") is int ofPmi && (Number("PMI_SIZE") ?? Number("SLURM_STEP_NUM_TASKS")) is int ofMpich ? new()
            {
                Launcher = "mpirun of MPICH, or PMI",
                Rank = ofPmi,
                Size = ofMpich,
                Libraries = MpichLibraries,
            }
            : Number("PMIX_RANK") is int ofPmix ? new()
            {
                Launcher = "PMIx",
                Rank = ofPmix,
                Size = Number("SLURM_STEP_NUM_TASKS") ?? int.MaxValue,
                Libraries = OpenMpiLibraries,
            }
            : Number("SLURM_STEP_NUM_TASKS") is > 1 and int tasks ? throw new ProximaException(
                ExitCode.Usage,
                $"SLURM_STEP_NUM_TASKS = {tasks}, but srun gave the processes no means to find each other (no PMIX_RANK, no PMI_RANK). "
                + "Start with srun --mpi=pmix (Open MPI) or --mpi=pmi2 (MPICH).")
            : new() { Launcher = "nothing but itself", Rank = 0, Size = 1, Libraries = [] };
        return variable(LibraryVariable) is { Length: > 0 } library ? launch with { Libraries = [library] } : launch;
    }

    /// <summary>Joins the other ranks. A process that was started alone needs no MPI.</summary>
    /// <exception cref="ProximaException">the library cannot be loaded or started</exception>
    public ICommunicator Start() => Size == 1 ? new SingleRank() : MpiCommunicator.Start(MpiLibrary.Load(this));
}
