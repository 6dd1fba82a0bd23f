using System.Diagnostics;
using Proxima.EndToEnd.Tests;
using Proxima.TestSupport;

namespace Proxima.Parallel.Tests;

public sealed class TwoHostsTests
{
    /// <summary>What mpirun starts for each host: within its namespace, under its name.</summary>
    private const string Agent = """
        #!/bin/sh
        host=$1
        shift
        exec ip netns exec "$host" unshare --uts sh -c "hostname $host; $*"
        """;

    [Fact, Trait("Speed", "Slow")]
    public async Task The_same_job_runs_across_two_hosts_over_TCP()
    {
        string mpirun = Mpirun.Find(MpiName.OpenMpi);
        using TwoHosts hosts = TwoHosts.Connect();
        using var run = new SmallRun();
        await run.OnOneRankAsync("one");
        string agent = run["agent.sh"];
        File.WriteAllText(agent, Agent);
        using (Process chmod = Process.Start("chmod", ["+x", agent]))
        {
            await chmod.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        string[] options =
        [
            "--allow-run-as-root", "--host", $"{hosts.First}:1,{hosts.Second}:1", "-n", "2", "--bind-to", "none", "--mca", "plm_rsh_agent", agent,
            "--mca", "btl", "tcp,self", "--mca", "btl_tcp_if_include", TwoHosts.Network, "--mca", "oob_tcp_if_include", TwoHosts.Network,
        ];
        string[] program = ["dotnet", Mpirun.ProgramPath("Proxima.Cli", "proxima"), .. run.Words("hosts", 2, "--sharding", "stage2")];
        var start = new ProcessStartInfo(agent, [hosts.First, mpirun, .. options, .. program])
        {
            WorkingDirectory = RepositoryPaths.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using (RunningCommand command = new(start))
        {
            (await command.EndAsync()).Expect(0);
        }

        run.AssertSame("one", "hosts");
        Assert.InRange(hosts.BytesReceived(), 10_000_000, long.MaxValue); // gradients and weights of 3 steps of 4 optimizer steps: 2 MB each
    }
}
