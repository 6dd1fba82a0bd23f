using Proxima.Core.Display;
using Proxima.Core.Runs;
using Proxima.Core.Settings;
using Proxima.Dashboard.Web;

namespace Proxima.Cli.Runs;

/// <summary>The dashboard beside a run that trains: for this machine alone, at a free port.</summary>
internal sealed class RunDashboard : IDisposable
{
    private readonly DashboardServer _server;

    private RunDashboard(DashboardServer server) => _server = server;

    /// <summary>Starts it where the settings ask for it, and tells its address.</summary>
    public static RunDashboard? StartIfAskedFor(RunFolder folder, RunSettings run, IRunDisplay display)
    {
        if (!run.Dashboard)
        {
            return null;
        }

        var dashboard = new RunDashboard(DashboardServer.StartAsync(folder.FullPath, new DashboardOptions()).GetAwaiter().GetResult());
        display.Note($"dashboard: {dashboard._server.Address}");
        return dashboard;
    }

    public void Dispose() => _server.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
