using System.Diagnostics;
using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary>Runs the real command line in a process of its own.</summary>
internal static class CommandLine
{
    /// <summary>Runs <c>proxima</c> from the repository's root and waits for its end.</summary>
    public static async Task<CommandResult> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = RepositoryPaths.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(ProgramPath());
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new CommandResult(process.ExitCode, await output, await error);
    }

    /// <summary>The program of the same configuration as these tests: artifacts/bin/Proxima.Cli/CONFIGURATION/proxima.dll.</summary>
    private static string ProgramPath()
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return RepositoryPaths.InRepository("artifacts", "bin", "Proxima.Cli", configuration, "proxima.dll");
    }
}
