using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Proxima.Core;

namespace Proxima.Dashboard.Web;

/// <summary>Serves the page of the runs below one folder. It reads files of runs and changes none.</summary>
public sealed class DashboardServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Timer _timer;
    private int _isRefreshing;

    private DashboardServer(RunCatalog catalog, DashboardOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Listen(options.Address, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();
        _application = builder.Build();
        var access = new AccessCheck(options.Token);
        _application.Use((context, next) => access.InvokeAsync(context, next));
        _application.UseRouting();
        foreach ((string path, (string name, string type)) in PageFiles.All)
        {
            byte[] bytes = PageFiles.Read(name);
            _application.MapGet(path, () => Results.Bytes(bytes, type));
        }

        new RunApi(catalog, options.PollInterval, _stopping.Token).Map(_application);
        _timer = new Timer(_ => Refresh(catalog), null, options.PollInterval, options.PollInterval);
    }

    /// <summary>Where the page is.</summary>
    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Starts to serve.</summary>
    /// <param name="folder">a run's output_dir, or a folder of such</param>
    /// <param name="options">where, and to whom</param>
    /// <exception cref="ProximaException">no such folder; the options are not safe; the port is taken</exception>
    public static async Task<DashboardServer> StartAsync(string folder, DashboardOptions options)
    {
        options.Validate();
        var server = new DashboardServer(new RunCatalog(folder), options);
        try
        {
            await server._application.StartAsync();
        }
        catch (IOException exception)
        {
            await server.DisposeAsync();
            throw new ProximaException(
                ExitCode.Usage, $"port = {options.Port}: {options.Address} does not let the dashboard listen there ({exception.Message}). Give another --port, or 0 for any.", exception);
        }

        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _stopping.CancelAsync();
        await _application.DisposeAsync();
        _stopping.Dispose();
    }

    /// <summary>Reads what is new, one reader at a time. A file that a resumed run is just replacing is read at the next look.</summary>
    private void Refresh(RunCatalog catalog)
    {
        if (Interlocked.Exchange(ref _isRefreshing, 1) == 1)
        {
            return;
        }

        try
        {
            catalog.Refresh();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return; // an exception here would end the process, and beside it the training
        }
        finally
        {
            Volatile.Write(ref _isRefreshing, 0);
        }
    }
}
