using System.Diagnostics;
using Proxima.EndToEnd.Tests;
using Proxima.TestSupport;

namespace Proxima.Parallel.Tests;

/// <summary>Starts programs of the solution as several ranks.</summary>
internal static class Mpirun
{
    /// <summary>Installed under a name of its own beside the other implementation (Debian), or the only one there is.</summary>
    private static readonly Dictionary<MpiName, string[]> Programs = new()
    {
        [MpiName.OpenMpi] = ["mpirun.openmpi"],
        [MpiName.Mpich] = ["mpirun.mpich", "mpiexec.hydra"],
    };

    /// <summary>Runs <c>proxima</c> on so many ranks and waits for its end.</summary>
    public static async Task<CommandResult> ProximaAsync(MpiName mpi, int ranks, params string[] words)
    {
        using RunningCommand command = StartProxima(mpi, ranks, new Dictionary<string, string>(), words);
        return await command.EndAsync();
    }

    /// <summary>Starts <c>proxima</c> as one process, without a launcher.</summary>
    public static RunningCommand StartAlone(params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [ProgramPath("Proxima.Cli", "proxima"), .. words])
        {
            WorkingDirectory = RepositoryPaths.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new RunningCommand(start);
    }

    /// <summary>Starts <c>proxima</c> on so many ranks.</summary>
    public static RunningCommand StartProxima(MpiName mpi, int ranks, IReadOnlyDictionary<string, string> variables, params string[] words) =>
        new(StartInfo(mpi, ranks, variables, words));

    /// <summary>How <c>proxima</c> is started on so many ranks, its output to be read by the caller.</summary>
    public static ProcessStartInfo StartInfo(MpiName mpi, int ranks, IReadOnlyDictionary<string, string> variables, params string[] words) =>
        StartOf(mpi, ranks, "Proxima.Cli", "proxima", variables, words);

    /// <summary>Runs the worker of these tests.</summary>
    public static async Task<CommandResult> WorkerAsync(MpiName mpi, int ranks, IReadOnlyDictionary<string, string> variables, params string[] words)
    {
        using RunningCommand command = new(StartOf(mpi, ranks, "Proxima.Parallel.Worker", "Proxima.Parallel.Worker", variables, words));
        return await command.EndAsync();
    }

    /// <summary>Path of a program of the same configuration as these tests.</summary>
    public static string ProgramPath(string project, string name)
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return RepositoryPaths.InRepository("artifacts", "bin", project, configuration, $"{name}.dll");
    }

    /// <summary>The launcher; skips the running test when it is not installed.</summary>
    public static string Find(MpiName mpi)
    {
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        string? program = Programs[mpi].SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, $"needs {string.Join(" or ", Programs[mpi])} (Debian: openmpi-bin, mpich), which is not installed");
        return program!;
    }

    private static ProcessStartInfo StartOf(
        MpiName mpi, int ranks, string project, string name, IReadOnlyDictionary<string, string> variables, string[] words)
    {
        var start = new ProcessStartInfo(Find(mpi))
        {
            WorkingDirectory = RepositoryPaths.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] options = mpi == MpiName.OpenMpi ? ["--allow-run-as-root", "--oversubscribe", "--bind-to", "none"] : [];
        foreach (string word in (string[])[.. options, "-n", $"{ranks}", "dotnet", ProgramPath(project, name), .. words])
        {
            start.ArgumentList.Add(word);
        }

        foreach ((string variable, string value) in variables)
        {
            start.Environment[variable] = value;
        }

        return start;
    }
}
