using System.Diagnostics;
using System.Globalization;

namespace Proxima.Parallel.Tests;

/// <summary>Two network namespaces with one cable between them and host names of their own: for mpirun, two hosts.</summary>
internal sealed class TwoHosts : IDisposable
{
    public const string Network = "10.77.0.0/24";

    private readonly string _id = $"{Environment.ProcessId % 10000}";

    private TwoHosts()
    {
    }

    public string First => $"pxa{_id}";

    public string Second => $"pxb{_id}";

    /// <summary>Lays the cable; skips the running test where that is not allowed.</summary>
    public static TwoHosts Connect()
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs root to make network namespaces");
        Assert.SkipUnless(Try("ip", "netns", "list"), "needs ip netns (Debian: iproute2)");
        var hosts = new TwoHosts();
        bool isConnected = Try("ip", "netns", "add", hosts.First) && Try("ip", "netns", "add", hosts.Second)
            && Try("ip", "link", "add", hosts.CableOf(hosts.First), "type", "veth", "peer", "name", hosts.CableOf(hosts.Second))
            && hosts.Join(hosts.First, 1) && hosts.Join(hosts.Second, 2);
        if (!isConnected)
        {
            hosts.Dispose();
            Assert.Skip("needs the right to make network namespaces and veth pairs");
        }

        return hosts;
    }

    /// <summary>Bytes that have come through the cable to the first host.</summary>
    public long BytesReceived()
    {
        using Process cat = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", First, "cat", $"/sys/class/net/{CableOf(First)}/statistics/rx_bytes"])
        {
            RedirectStandardOutput = true,
        })!;
        return long.Parse(cat.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        Try("ip", "netns", "delete", First);
        Try("ip", "netns", "delete", Second);
    }

    private bool Join(string host, int number)
    {
        string cable = CableOf(host);
        return Try("ip", "link", "set", cable, "netns", host)
            && Try("ip", "-n", host, "addr", "add", $"10.77.0.{number}/24", "dev", cable)
            && Try("ip", "-n", host, "link", "set", cable, "up")
            && Try("ip", "-n", host, "link", "set", "lo", "up");
    }

    private string CableOf(string host) => $"{host}v";

    private static bool Try(string program, params string[] words)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, words) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
