using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Proxima.Cli.Plan;
using Proxima.Core;

namespace Proxima.Cli.Doctor;

/// <summary>Whether runs can be written to a folder, how fast, and how much fits.</summary>
internal static class DiskCheck
{
    private const double Gigabyte = 1e9;
    private const int Written = 32 << 20;

    /// <summary>Less than this holds no checkpoint of a model worth the name.</summary>
    private const double Little = 1 * Gigabyte;

    /// <summary>Writes a file of 32 MiB through to the disk and takes it away again.</summary>
    /// <param name="folder">where runs are to be; it need not be there yet</param>
    public static Check Of(string folder)
    {
        string existing = MachineSpace.ExistingFolder(folder);
        try
        {
            double free = MachineSpace.Disk(existing);
            if (free < Little + Written)
            {
                return Judge(existing, free, bytesPerSecond: null);
            }

            string path = Path.Combine(existing, $".proxima-doctor-{Environment.ProcessId}");
            try
            {
                return Judge(existing, free, Speed(path));
            }
            finally
            {
                File.Delete(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Check("disk", false, $"{existing} cannot be written: {exception.Message}", "make it writable, or give another output_dir");
        }
    }

    /// <summary>Judges what was measured.</summary>
    /// <param name="folder">where</param>
    /// <param name="free">bytes free</param>
    /// <param name="bytesPerSecond">speed of writing; null: not measured</param>
    internal static Check Judge(string folder, double free, double? bytesPerSecond)
    {
        string speed = bytesPerSecond is double found ? string.Create(CultureInfo.InvariantCulture, $", written at {found / Gigabyte:F2} GB/s") : "";
        return new Check(
            "disk",
            free >= Little,
            string.Create(CultureInfo.InvariantCulture, $"{folder}: {free / Gigabyte:F1} GB free{speed}"),
            "make room, or give an output_dir on another disk; save_total_limit keeps fewer checkpoints, and proxima plan says how much a run writes");
    }

    private static double Speed(string path)
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(Written); // some file systems store zeros for nothing
        long started = Stopwatch.GetTimestamp();
        using (FileStream file = File.Create(path))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        return Written / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
