using Proxima.Core;

namespace Proxima.Distributed.Mpi;

/// <summary>The programs that start several ranks, as far as they lie in the PATH.</summary>
internal static class MpiLaunchers
{
    private static readonly string[] Names = ["mpirun", "mpiexec", "mpirun.openmpi", "mpirun.mpich", "srun"];

    /// <summary>Launchers with the program behind each name, such as <c>mpirun (orterun)</c>.</summary>
    /// <param name="path">folders, as in PATH</param>
    public static IReadOnlyList<string> Find(string path)
    {
        string[] folders = path.Split(':', StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. from name in Names
               let file = folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
               where file is not null
               let behind = Path.GetFileName(File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file)
               select behind == name ? name : $"{name} ({behind})",
        ];
    }

    /// <summary>What <c>proxima doctor</c> says of libraries and launchers together.</summary>
    /// <param name="libraries">those that can be loaded</param>
    /// <param name="launchers">those that were found</param>
    public static Check Judge(IReadOnlyList<string> libraries, IReadOnlyList<string> launchers)
    {
        string found = $"{string.Join("; ", libraries)}{(launchers.Count > 0 ? $"; started by {string.Join(", ", launchers)}" : "; no launcher in PATH: runs have one rank")}";
        return (libraries.Count, launchers.Count) switch
        {
            (0, 0) => new Check("MPI", true, "no library: runs have one rank; for more, install Open MPI (Debian: openmpi-bin) or MPICH (mpich)"),
            (0, _) => new Check(
                "MPI",
                false,
                $"{string.Join(", ", launchers)} would start several ranks, but no library was found: tried {string.Join(", ", Launch.KnownLibraries)}",
                $"install the launcher's library (Debian: libopenmpi3 or libmpich12), or give its path in {Launch.LibraryVariable}"),
            _ => new Check("MPI", true, found),
        };
    }
}
