using System.Globalization;

namespace Proxima.Cli.Plan;

/// <summary>What this machine has left.</summary>
internal static class MachineSpace
{
    private const string Groups = "/sys/fs/cgroup";
    private const int BytesOfAKilobyte = 1024;
    private const string LimitName = "memory.max";

    /// <summary>Bytes of memory that this process may hold: what is free, what it has already, and at most what its control group allows.</summary>
    /// <param name="resident">bytes that the process has already</param>
    public static double Memory(double resident)
    {
        double free = File.ReadLines("/proc/meminfo").First(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal)) is { } line
            ? double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * BytesOfAKilobyte
            : double.PositiveInfinity;
        return GroupFolders().Select(folder => GroupFree(folder)).Append(free).Min() + resident;
    }

    /// <summary>Bytes free on the disk of a folder that need not be there yet.</summary>
    public static double Disk(string folder) => new DriveInfo(ExistingFolder(folder)).AvailableFreeSpace;

    /// <summary>A folder, or the nearest one around it that is there.</summary>
    public static string ExistingFolder(string folder)
    {
        string existing = Path.GetFullPath(folder);
        while (!Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing) ?? "/";
        }

        return existing;
    }

    /// <summary>The folders of the process's control group (version 2) and of those around it.</summary>
    private static IEnumerable<string> GroupFolders()
    {
        string? path = File.Exists("/proc/self/cgroup")
            ? File.ReadLines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal))?[3..]
            : null;
        for (string? folder = path is null ? null : Groups + path; folder is not null && folder.StartsWith(Groups, StringComparison.Ordinal); folder = Path.GetDirectoryName(folder))
        {
            yield return folder.TrimEnd('/');
        }
    }

    private static double GroupFree(string folder) =>
        ReadNumber(Path.Combine(folder, LimitName)) is double limit && ReadNumber(Path.Combine(folder, "memory.current")) is double used
            ? Math.Max(0, limit - used)
            : double.PositiveInfinity;

    /// <summary>The number in a file; null where there is none, such as "max".</summary>
    private static double? ReadNumber(string path) =>
        File.Exists(path) && double.TryParse(File.ReadAllText(path), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;
}
