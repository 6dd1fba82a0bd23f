using System.Globalization;

namespace Proxima.Training;

/// <summary>Memory of this process, as the kernel counts it.</summary>
public static class ProcessMemory
{
    private const double KilobytesPerGigabyte = 1024 * 1024;

    /// <summary>Resident memory now and at its highest, in GiB.</summary>
    public static (double Resident, double Peak) Gigabytes()
    {
        double resident = 0;
        double peak = 0;
        foreach (string line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith("VmRSS:", StringComparison.Ordinal))
            {
                resident = Kilobytes(line) / KilobytesPerGigabyte;
            }
            else if (line.StartsWith("VmHWM:", StringComparison.Ordinal))
            {
                peak = Kilobytes(line) / KilobytesPerGigabyte;
            }
        }

        return (resident, peak);
    }

    private static double Kilobytes(string line) =>
        double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
