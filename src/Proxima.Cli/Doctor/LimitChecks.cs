using System.Globalization;
using Proxima.Cli.Plan;
using Proxima.Core;

namespace Proxima.Cli.Doctor;

/// <summary>What the system allows this process: open files, memory of its control group, shared memory between ranks.</summary>
internal static class LimitChecks
{
    private const double Gigabyte = 1e9;
    private const double Megabyte = 1e6;
    private const string SharedMemoryFolder = "/dev/shm";

    /// <summary>A run opens the shards of its models, its logs, and in a dashboard a stream for each reader.</summary>
    private const long FewestFiles = 1024;

    /// <summary>What two ranks of MPI take for their buffers, with room to spare. Containers have 64 MB unless told otherwise.</summary>
    private const double LeastSharedMemory = 32 * Megabyte;

    /// <summary>Less than this is not enough for libtorch and the smallest model.</summary>
    private const double LeastMemory = 1 * Gigabyte;

    /// <summary>The limits of this process.</summary>
    public static IReadOnlyList<Check> All() =>
    [
        Memory(MachineSpace.Memory(resident: 0), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes),
        Limits(File.Exists("/proc/self/limits") ? File.ReadAllLines("/proc/self/limits") : []),
        SharedMemory(Directory.Exists(SharedMemoryFolder) ? MachineSpace.Disk(SharedMemoryFolder) : 0),
    ];

    /// <summary>Judges memory.</summary>
    /// <param name="free">bytes that the process may still take</param>
    /// <param name="usable">bytes of the machine, or those that the control group of the process allows</param>
    internal static Check Memory(double free, double usable) => new(
        "memory",
        free >= LeastMemory,
        Text($"{usable / Gigabyte:F1} GB usable, {free / Gigabyte:F1} GB free"),
        "end other programs, or raise the limit of the container (docker run --memory, resources.limits.memory of a pod, --mem of a Slurm job); proxima plan says what a run takes");

    /// <summary>Judges the limits of the process, as the kernel lists them.</summary>
    /// <param name="lines">of /proc/self/limits</param>
    internal static Check Limits(IReadOnlyList<string> lines)
    {
        (string files, string locked, string processes) = (Limit(lines, "Max open files"), Limit(lines, "Max locked memory"), Limit(lines, "Max processes"));
        return new(
            "limits",
            !long.TryParse(files, NumberStyles.None, CultureInfo.InvariantCulture, out long count) || count >= FewestFiles,
            $"open files {files}, processes {processes}, locked memory {(long.TryParse(locked, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? Text($"{bytes / Megabyte:F0} MB") : locked)}",
            $"raise the open files to {FewestFiles} or more: ulimit -n 4096, LimitNOFILE= of a service, docker run --ulimit nofile=4096");
    }

    /// <summary>Judges the memory through which ranks of one host talk.</summary>
    /// <param name="free">bytes free in /dev/shm; 0: it is not there</param>
    internal static Check SharedMemory(double free) => new(
        "shared memory",
        free >= LeastSharedMemory,
        free > 0 ? Text($"{SharedMemoryFolder}: {free / Megabyte:N0} MB free") : $"{SharedMemoryFolder} is missing or full",
        "several ranks on a host need it: docker run --shm-size 1g, an emptyDir of medium Memory in a pod, or mount -o remount,size=1G /dev/shm");

    /// <summary>The second column of numbers: what the process may raise a limit to. The runtime raises that of open files to it by itself.</summary>
    private static string Limit(IReadOnlyList<string> lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
        && line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var hard, ..] ? hard : "unknown";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
