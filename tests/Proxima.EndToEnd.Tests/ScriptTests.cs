using System.Diagnostics;
using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary>The parts that scripts share (scripts/environment.sh), with another dotnet in PATH.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A build may leave a compiler server behind, which inherits what is open and stays for minutes.</summary>
    [Fact]
    public async Task A_program_that_a_build_leaves_behind_does_not_keep_the_next_one_waiting()
    {
        foreach (string place in new[] { "tools", "repository/scripts", "repository/src" })
        {
            Directory.CreateDirectory(_folder.At(place));
        }

        File.Copy(RepositoryPaths.InRepository("scripts", "environment.sh"), _folder.At("repository", "scripts", "environment.sh"));
        _folder.Write("repository/Directory.Build.props", "");
        _folder.Write("repository/global.json", "");
        string dotnet = _folder.Write("tools/dotnet", $"#!/bin/bash\nsleep 60 >/dev/null 2>&1 &\necho $! >> {_folder.At("left")}\n");
        Process.Start("chmod", ["+x", dotnet]).WaitForExit();
        const string TwoBuilds = "source scripts/environment.sh; build_command_line; sleep .1; touch src/changed; build_command_line";
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-euc", TwoBuilds])
        {
            WorkingDirectory = _folder.At("repository"),
            Environment = { ["PATH"] = $"{_folder.At("tools")}:{Environment.GetEnvironmentVariable("PATH")}" },
        })!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));

        try
        {
            await bash.WaitForExitAsync(patience.Token);
            Assert.Equal(0, bash.ExitCode);
            Assert.Equal(2, (await File.ReadAllLinesAsync(_folder.At("left"), patience.Token)).Length);
        }
        finally
        {
            bash.Kill(entireProcessTree: true);
            foreach (string left in await File.ReadAllLinesAsync(_folder.At("left"), CancellationToken.None))
            {
                Process.Start("kill", left).WaitForExit();
            }
        }
    }
}
