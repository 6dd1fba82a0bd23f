using System.Diagnostics;
using System.Text;

namespace Proxima.Parallel.Tests;

/// <summary>The process of one rank, found by what its launcher and its command line say.</summary>
internal static class RankProcess
{
    /// <summary>Sends a signal such as KILL to one rank of a run.</summary>
    /// <param name="outputDir">of the run, as on its command line</param>
    /// <param name="rank">which rank</param>
    /// <param name="signal">its name</param>
    public static void Signal(string outputDir, int rank, string signal)
    {
        string process = Directory.GetDirectories("/proc").Single(folder =>
            Words(folder, "cmdline") is ["dotnet", ..] words && words.Contains(outputDir)
            && Words(folder, "environ").Any(variable => variable == $"OMPI_COMM_WORLD_RANK={rank}" || variable == $"PMI_RANK={rank}"));
        using Process kill = Process.Start("kill", [$"-{signal}", Path.GetFileName(process)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

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
