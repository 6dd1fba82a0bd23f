using System.Text;
using Proxima.Distributed;

namespace Proxima.Cli.Runs;

/// <summary>Divides the cores of a host among the ranks on it.</summary>
internal static class ThreadShare
{
    /// <summary>Threads of this rank: its cores, divided among the ranks that may use the very same ones. All ranks call it.</summary>
    /// <param name="ranks">the ranks</param>
    /// <param name="wanted">num_threads; 0: a fair share</param>
    public static int Of(ICommunicator ranks, int wanted)
    {
        byte[][] places = ranks.Exchange("the cores of each rank", Encoding.UTF8.GetBytes($"{Environment.MachineName} {AllowedCores()}"));
        int sharing = places.Count(place => place.AsSpan().SequenceEqual(places[ranks.Rank]));
        return wanted > 0 ? wanted : Math.Max(1, Environment.ProcessorCount / sharing);
    }

    private static string AllowedCores()
    {
        const string Key = "Cpus_allowed_list:";
        return File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal)) ?? "";
    }
}
