using System.Diagnostics;
using Proxima.Models.Native;
using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary>What scripts/gpu_check.sh packs starts where there is no .NET, and says what it could not show.</summary>
public sealed class GpuCheckTests
{
    private const long LargestPack = 60_000_000;

    /// <summary>The tools of the shell that the script may use; dotnet is not among them.</summary>
    private static readonly string[] Tools = ["bash", "cat", "dirname", "grep", "mktemp", "rm", "sed", "tail", "tee"];

    [Fact, Trait("Speed", "Slow")]
    public async Task A_pack_runs_without_dotnet_passes_doctor_and_skips_what_needs_a_GPU()
    {
        string? hindrance = CudaDriver.Ask().Hindrance;
        Assert.SkipWhen(hindrance is null, "this machine has a GPU: run the pack with a libtorch for CUDA");
        using var run = new TemporaryRun();
        (int packed, string output) = await RunAsync("bash", [RepositoryPaths.InRepository("scripts", "gpu_check.sh"), "pack", run["pack"]]);
        Assert.True(packed == 0, output);
        string archive = run["pack", "gpu_check.tar.xz"];
        Assert.InRange(new FileInfo(archive).Length, 1, LargestPack);
        (int unpacked, string trouble) = await RunAsync("tar", ["-C", run.Folder, "-xJf", archive]);
        Assert.True(unpacked == 0, trouble);

        Directory.CreateDirectory(run["empty"]);
        Directory.CreateDirectory(run["tools"]);
        foreach (string tool in Tools)
        {
            File.CreateSymbolicLink(run["tools", tool], Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, tool)).First(File.Exists));
        }

        (int exitCode, string report) = await RunAsync(
            "env",
            [
                "-i", $"PATH={run["tools"]}", $"HOME={run["empty"]}", $"DOTNET_ROOT={run["empty"]}", $"LIBTORCH_DIR={LibTorchFolder()}",
                "bash", run["gpu_check", "gpu_check.sh"], "run",
            ]);

        Assert.True(exitCode == 0, report);
        Assert.Contains("checks passed.", report, StringComparison.Ordinal);
        Assert.Contains($"needs a GPU: {hindrance}", report, StringComparison.Ordinal);
        Assert.Matches("tests +[0-9]+ tests, 0 failed, 0 errors, [1-9][0-9]+ skipped", report);
        Assert.Contains("benchmark  skipped: no GPU", report, StringComparison.Ordinal);
    }

    private static string LibTorchFolder()
    {
        LibTorch.Load();
        return LibTorch.Folder!;
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }
}
