using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Proxima.TestSupport;

/// <summary>A real HTTP server on the loopback that answers as a test tells it to, and remembers what came.</summary>
internal sealed class TestRewardServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private int _calls;

    private TestRewardServer(WebApplication application) => _application = application;

    public string Address { get; private set; } = "";

    /// <summary>Bodies of the requests in their order.</summary>
    public ConcurrentQueue<string> Bodies { get; } = [];

    /// <summary>Authorization headers of the requests, "" without one.</summary>
    public ConcurrentQueue<string> Authorizations { get; } = [];

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Starts a server.</summary>
    /// <param name="answer">answers a request: its context, its body, its number from 1</param>
    public static async Task<TestRewardServer> StartAsync(Func<HttpContext, string, int, Task> answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new TestRewardServer(builder.Build());
        server._application.Run(context => server.AnswerAsync(context, answer));
        await server._application.StartAsync();
        server.Address = server._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/score";
        return server;
    }

    /// <summary>Writes a body with status 200.</summary>
    public static Task Body(HttpContext context, string body) => context.Response.WriteAsync(body);

    /// <summary>Writes one score for each response, made of its text.</summary>
    public static Task Scores(HttpContext context, string body, Func<string, double> score)
    {
        using JsonDocument request = JsonDocument.Parse(body);
        IEnumerable<string> scores = request.RootElement.GetProperty("response").EnumerateArray()
            .Select(response => score(response.GetString()!).ToString("R", CultureInfo.InvariantCulture));
        return Body(context, $"{{\"error_code\": 0, \"error_msg\": \"\", \"score\": [{string.Join(", ", scores)}]}}");
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(new CancellationToken(canceled: true)); // without waiting for requests that a test left open
        await _application.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context, Func<HttpContext, string, int, Task> answer)
    {
        using StreamReader reader = new(context.Request.Body, Encoding.UTF8);
        string body = await reader.ReadToEndAsync();
        Bodies.Enqueue(body);
        Authorizations.Enqueue(context.Request.Headers.Authorization.ToString());
        await answer(context, body, Interlocked.Increment(ref _calls));
    }
}
