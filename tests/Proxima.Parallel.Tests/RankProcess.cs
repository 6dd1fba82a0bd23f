using System.Diagnostics;
using System.Text;

namespace Proxima.Parallel.Tests;

/// <summary>The process of one rank, found by what its launcher and its command line say.</summary>
internal static class RankProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Sends a signal such as KILL to one rank of a run.</summary>
    /// <param name="outputDir">of the run, as on its command line</param>
    /// <param name="rank">which rank</param>
    /// <param name="signal">its name</param>
    public static void Signal(string outputDir, int rank, string signal) => Assert.True(TrySignal(outputDir, rank, signal), $"rank {rank} is not there");

    /// <summary>The same where the rank may have ended.</summary>
    /// <returns>whether it was there</returns>
    public static bool TrySignal(string outputDir, int rank, string signal)
    {
        string? process = All(outputDir).SingleOrDefault(folder =>
            Words(folder, "environ").Any(variable => variable == $"OMPI_COMM_WORLD_RANK={rank}" || variable == $"PMI_RANK={rank}"));
        if (process is null)
        {
            return false;
        }

        using Process kill = Process.Start("kill", [$"-{signal}", Path.GetFileName(process)]);
        kill.WaitForExit();
        return kill.ExitCode == 0;
    }

    /// <summary>Waits until the launcher has ended what is left of a run.</summary>
    public static void WaitForTheEndOfAll(string outputDir)
    {
        long started = Stopwatch.GetTimestamp();
        while (All(outputDir).Length > 0)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, "ranks are left of a run that lost one");
            Thread.Sleep(100);
        }
    }

    private static string[] All(string outputDir) =>
        [.. Directory.GetDirectories("/proc").Where(folder => Words(folder, "cmdline") is ["dotnet", ..] words && words.Contains(outputDir))];

    private static string[] Words(string folder, string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(folder, file))).Split('\0');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
