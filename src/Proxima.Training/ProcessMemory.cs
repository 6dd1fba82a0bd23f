using System.Globalization;

namespace Proxima.Training;

/// <summary>Memory of this process, as the kernel counts it.</summary>
public static class ProcessMemory
{
    private const double KilobytesPerGigabyte = 1e9 / 1024; // the kernel counts in units of 1,024 bytes

    /// <summary>Resident memory now and at its highest, in 10⁹ bytes.</summary>
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

    /// <summary>Lets the highest resident memory count anew from here.</summary>
    /// <returns>false where the system does not allow it</returns>
    public static bool ResetPeak()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The number of a line: blanks stand before it, or, before one of eight digits, a tab alone.</summary>
    internal static double Kilobytes(string line) =>
        double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
