using System.Text.Json;

namespace Proxima.Benchmarks.Bench;

/// <summary>What scripts/plain_ppo.py measured.</summary>
internal static class PlainStep
{
    /// <summary>Median seconds of its PPO step.</summary>
    /// <param name="path">the file that it wrote: {"step_s": …}</param>
    public static double Read(string path)
    {
        using JsonDocument measured = JsonDocument.Parse(File.ReadAllText(path));
        return measured.RootElement.GetProperty("step_s").GetDouble();
    }
}
