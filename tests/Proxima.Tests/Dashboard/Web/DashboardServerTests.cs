using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Proxima.Core;
using Proxima.Dashboard.Web;
using Proxima.TestSupport;

namespace Proxima.Tests.Dashboard.Web;

public sealed class DashboardServerTests : IDisposable
{
    private const string Token = "0123456789abcdef";

    private static readonly DashboardOptions Quick = new() { PollInterval = TimeSpan.FromMilliseconds(20) };

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_below_the_folder_are_served_with_metrics_health_settings_and_samples()
    {
        _folder.Write("one/metrics.jsonl", "{\"step\":1,\"policy/loss\":0.125,\"critic/loss\":null}\n{\"step\":2,\"policy/loss\":-3}\n");
        _folder.Write("one/run_config.json", "{ // as written by a run\n\"seed\": 7, \"max_steps\": 40 }");
        SampleFile.Append(_folder.At("one", "samples.jsonl.gz"), 1, ("who?", "you", 1.5), ("why?", "so", -1));
        _folder.Write("deep/er/two/metrics.jsonl", "{\"step\":5}\n");
        await using DashboardServer server = await DashboardServer.StartAsync(_folder.FullPath, Quick);
        using HttpClient client = new() { BaseAddress = server.Address };

        JsonElement[] runs = [.. (await Get(client, "api/runs")).EnumerateArray()];
        Assert.Equal(["deep/er/two", "one"], runs.Select(run => run.GetProperty("name").GetString()));
        Assert.Equal([5, 2], runs.Select(run => run.GetProperty("last_step").GetInt32()));
        string one = $"api/runs/{runs[1].GetProperty("id").GetString()}";

        Assert.Equal(
            """{"generation":0,"lines":2,"series":{"policy/loss":{"steps":[1,2],"values":[0.125,-3]},"critic/loss":{"steps":[1],"values":[null]}}}""",
            await client.GetStringAsync($"{one}/metrics", Cancelled));
        Assert.Equal(
            """{"generation":0,"lines":2,"series":{"policy/loss":{"steps":[2],"values":[-3]}}}""",
            await client.GetStringAsync($"{one}/metrics?generation=0&after=1", Cancelled));
        Assert.Contains("\"critic/loss\"", await client.GetStringAsync($"{one}/metrics?generation=9&after=1", Cancelled), StringComparison.Ordinal);
        Assert.Equal("7", (await Get(client, $"{one}/settings")).GetProperty("seed").GetString());
        Assert.All((await Get(client, $"{one}/health")).EnumerateArray(), light => Assert.Equal("unknown", light.GetProperty("level").GetString()));

        JsonElement samples = await Get(client, $"{one}/samples?sort=score&descending=true&count=1");
        Assert.Equal(2, samples.GetProperty("total").GetInt32());
        Assert.Equal("you", samples.GetProperty("rows")[0].GetProperty("response").GetString());
        Assert.Equal("so", (await Get(client, $"{one}/samples/1")).GetProperty("response").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"{one}/samples/2", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("api/runs/one/metrics", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Every_file_of_the_page_is_served_and_none_comes_from_elsewhere()
    {
        await using DashboardServer server = await DashboardServer.StartAsync(_folder.FullPath, Quick);
        using HttpClient client = new() { BaseAddress = server.Address };
        string[] modules = ["main.js", "store.js", "chart.js", "curves.js", "samples.js", "phases.js", "settings.js", "health.js", "texts.js"];
        foreach (string file in (string[])["", "style.css", "icon.svg", .. modules])
        {
            HttpResponseMessage response = await client.GetAsync(file, Cancelled);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.StartsWith("default-src 'self'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            string text = (await response.Content.ReadAsStringAsync(Cancelled)).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);
            Assert.DoesNotContain("http://", text, StringComparison.Ordinal);
            Assert.DoesNotContain("https://", text, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("../../etc/passwd", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task New_lines_and_new_runs_are_announced()
    {
        _folder.Write("one/metrics.jsonl", "{\"step\":1,\"a\":1}\n");
        await using DashboardServer server = await DashboardServer.StartAsync(_folder.FullPath, Quick);
        using HttpClient client = new() { BaseAddress = server.Address };
        using StreamReader events = new(await client.GetStreamAsync("api/events", Cancelled));
        await UntilChange(events);

        await File.AppendAllTextAsync(_folder.At("one", "metrics.jsonl"), "{\"step\":2,\"a\":1}\n", Cancelled);
        await UntilChange(events);
        Assert.Equal(2, (await Get(client, "api/runs"))[0].GetProperty("last_step").GetInt32());

        _folder.Write("two/metrics.jsonl", "{\"step\":1,\"a\":1}\n");
        await UntilChange(events);
        Assert.Equal(2, (await Get(client, "api/runs")).GetArrayLength());
    }

    [Fact]
    public async Task With_a_token_only_those_who_know_it_may_look()
    {
        await using DashboardServer server = await DashboardServer.StartAsync(_folder.FullPath, Quick with { Token = Token });
        using HttpClient client = new(new HttpClientHandler { UseCookies = true }) { BaseAddress = server.Address };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("api/runs", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("?token=0123456789abcdeF", Cancelled)).StatusCode);

        using HttpRequestMessage withHeader = new(HttpMethod.Get, "api/runs") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Token) } };
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(withHeader, Cancelled)).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"?token={Token}", Cancelled)).StatusCode); // sets the cookie and goes on without the token in the address
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("api/runs", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task A_foreign_name_for_this_machine_is_refused()
    {
        await using DashboardServer server = await DashboardServer.StartAsync(_folder.FullPath, Quick);
        using HttpClient client = new() { BaseAddress = server.Address };
        using HttpRequestMessage rebound = new(HttpMethod.Get, "api/runs") { Headers = { Host = "attacker.example" } };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.SendAsync(rebound, Cancelled)).StatusCode);
        using HttpRequestMessage local = new(HttpMethod.Get, "api/runs") { Headers = { Host = "localhost" } };
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(local, Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Other_machines_need_a_token_and_a_folder_must_exist()
    {
        ProximaException open = await Assert.ThrowsAsync<ProximaException>(() => DashboardServer.StartAsync(_folder.FullPath, Quick with { Address = IPAddress.Any }));
        Assert.Contains("Give a token", open.Message, StringComparison.Ordinal);
        ProximaException weak = await Assert.ThrowsAsync<ProximaException>(() => DashboardServer.StartAsync(_folder.FullPath, Quick with { Token = "short" }));
        Assert.Contains("16 or more", weak.Message, StringComparison.Ordinal);
        ProximaException missing = await Assert.ThrowsAsync<ProximaException>(() => DashboardServer.StartAsync(_folder.At("none"), Quick));
        Assert.Contains("there is no such folder", missing.Message, StringComparison.Ordinal);

        await using DashboardServer first = await DashboardServer.StartAsync(_folder.FullPath, Quick);
        ProximaException taken = await Assert.ThrowsAsync<ProximaException>(() => DashboardServer.StartAsync(_folder.FullPath, Quick with { Port = first.Address.Port }));
        Assert.Contains("Give another --port", taken.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<JsonElement> Get(HttpClient client, string path) =>
        JsonDocument.Parse(await client.GetStringAsync(path, Cancelled)).RootElement;

    private static async Task UntilChange(StreamReader events)
    {
        while (await events.ReadLineAsync(Cancelled) is { } line && line != "event: change")
        {
        }
    }
}
