using System.Diagnostics;
using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary>Runs the real command line in a process of its own.</summary>
internal static class CommandLine
{
    /// <summary>Runs <c>proxima</c> from the repository's root and waits for its end.</summary>
    public static Task<CommandResult> RunAsync(params string[] arguments) => RunProgramAsync("Proxima.Cli", "proxima", arguments);

    /// <summary>Runs another program of the solution in the same way.</summary>
    public static async Task<CommandResult> RunProgramAsync(string project, string name, params string[] arguments)
    {
        using var command = new RunningCommand(StartOf(project, name, arguments));
        return await command.EndAsync();
    }

    /// <summary>Starts <c>proxima</c> from the repository's root.</summary>
    public static RunningCommand Start(params string[] arguments) => new(StartOf("Proxima.Cli", "proxima", arguments));

    /// <summary>Starts <c>proxima</c> with a text on its standard input.</summary>
    public static RunningCommand StartWithInput(string input, params string[] arguments)
    {
        ProcessStartInfo start = StartOf("Proxima.Cli", "proxima", arguments);
        start.RedirectStandardInput = true;
        return new RunningCommand(start, input);
    }

    /// <summary>How <c>proxima</c> is started, its output to be read by the caller.</summary>
    public static ProcessStartInfo StartInfo(params string[] arguments) => StartOf("Proxima.Cli", "proxima", arguments);

    /// <summary>Starts <c>proxima</c> from another folder, with nothing on its standard input.</summary>
    public static RunningCommand StartIn(string folder, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = StartOf("Proxima.Cli", "proxima", [.. arguments]);
        start.WorkingDirectory = folder;
        start.RedirectStandardInput = true;
        return new RunningCommand(start, input: "");
    }

    private static ProcessStartInfo StartOf(string project, string name, string[] arguments)
    {
        // A shell gives the processes it starts with & an ignored SIGINT, and tests may be run so.
        var start = new ProcessStartInfo("env")
        {
            WorkingDirectory = RepositoryPaths.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("--default-signal=INT");
        start.ArgumentList.Add("dotnet");
        start.ArgumentList.Add(ProgramPath(project, name));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    /// <summary>The program of the same configuration as these tests: artifacts/bin/PROJECT/CONFIGURATION/NAME.dll.</summary>
    private static string ProgramPath(string project, string name)
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return RepositoryPaths.InRepository("artifacts", "bin", project, configuration, $"{name}.dll");
    }
}
