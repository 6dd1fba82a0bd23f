using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Proxima.Dashboard.Web;

/// <summary>What the page asks for. Everything is read-only, and a run is named by the id that the catalog gave it.</summary>
internal sealed class RunApi(RunCatalog catalog, TimeSpan pollInterval, CancellationToken stopping)
{
    private const int GreatestPage = 500;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/runs", () => Results.Ok(catalog.Runs().Select(run => run.WithMetrics(metrics => new
        {
            id = run.Id,
            name = run.Name,
            last_step = metrics.LastStep,
            max_steps = run.Settings().GetValueOrDefault("max_steps"),
        }))));
        routes.MapGet("/api/runs/{id}/metrics", WriteMetricsAsync);
        routes.MapGet("/api/runs/{id}/health", (string id) => WithRun(id, run => Results.Ok(run.WithMetrics(metrics =>
            RunHealth.Examine(metrics.Series).Select(light => new
            {
                id = light.Id,
                level = light.Level.ToString().ToLowerInvariant(),
                value = light.Value,
                start = light.Start,
            }).ToList()))));
        routes.MapGet("/api/runs/{id}/settings", (string id) => WithRun(id, run => Results.Ok(run.Settings())));
        routes.MapGet("/api/runs/{id}/samples", Samples);
        routes.MapGet("/api/runs/{id}/samples/{number:int}", (string id, int number) => WithRun(id, run => run.WithSamples(samples =>
            number < samples.Rows.Count && samples.Line(number) is { } line ? Results.Text(line, "application/json") : Results.NotFound())));
        routes.MapGet("/api/events", (CancellationToken gone) => TypedResults.ServerSentEvents(Changes(gone)));
    }

    private IResult WithRun(string id, Func<RunView, IResult> answer) => catalog.Find(id) is { } run ? answer(run) : Results.NotFound();

    /// <summary>Says when something new was read; the page then asks for what it shows.</summary>
    private async IAsyncEnumerable<SseItem<string>> Changes([EnumeratorCancellation] CancellationToken gone)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, stopping);
        for (int told = -1; !either.IsCancellationRequested;)
        {
            int version = catalog.Version;
            if (version != told)
            {
                yield return new SseItem<string>(version.ToString(CultureInfo.InvariantCulture), "change");
                told = version;
            }

            try
            {
                await Task.Delay(pollInterval, either.Token);
            }
            catch (OperationCanceledException)
            {
                yield break;
            }
        }
    }

    private IResult Samples(
        string id, string? text, string? kind, string? prompt, int? from, int? to, string? sort, bool? descending, int? offset, int? count) =>
        WithRun(id, run =>
        {
            var query = new SampleQuery(text ?? "", kind ?? "", prompt ?? "", from ?? 0, to ?? int.MaxValue, sort ?? "step", descending ?? true);
            IReadOnlyList<SampleRow> found = run.WithSamples(samples => query.Select(samples.Rows));
            return Results.Ok(new
            {
                total = found.Count,
                rows = found.Skip(Math.Max(0, offset ?? 0)).Take(Math.Clamp(count ?? 100, 1, GreatestPage)).Select(row => new
                {
                    number = row.Number,
                    step = row.Step,
                    kind = row.Kind,
                    prompt = row.Prompt,
                    response = row.Response,
                    score = row.Score,
                    length = row.Length,
                    kl = row.Kl,
                    finished = row.IsFinished,
                }),
            });
        });

    /// <summary>The metrics of a run from a line of its file on; from the beginning when that has been read anew since.</summary>
    private async Task WriteMetricsAsync(HttpContext context, string id, int? generation, int? after)
    {
        if (catalog.Find(id) is not { } run)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        byte[] body = run.WithMetrics(metrics => MetricsJson.Of(metrics, generation == metrics.Generation ? after ?? 0 : 0));
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
