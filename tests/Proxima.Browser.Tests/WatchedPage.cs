using System.Text.Json;
using Deque.AxeCore.Commons;
using PuppeteerSharp;

namespace Proxima.Browser.Tests;

/// <summary>A page whose errors are gathered: a test that ends with one has failed.</summary>
public sealed class WatchedPage : IAsyncDisposable
{
    private static readonly string AxeScript = new BundledAxeScriptProvider().GetScript();

    private readonly IBrowserContext _context;
    private readonly List<string> _errors = [];

    internal WatchedPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            // The hint is about the tests, which count pixels.
            if (message.Message.Type is ConsoleType.Error or ConsoleType.Warning && !message.Message.Text.StartsWith("Canvas2D: Multiple readback", StringComparison.Ordinal))
            {
                _errors.Add(message.Message.Text);
            }
        };
        page.PageError += (_, error) => _errors.Add(error.Message);
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the console so far.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Opens the dashboard and waits until it shows the metrics of a run.</summary>
    public async Task OpenAsync(Uri address, string tab = "")
    {
        await Page.GoToAsync($"{address}#{tab}");
        await WaitForAsync("document.getElementById('state').textContent.includes('step')");
    }

    /// <summary>Waits until an expression of the page is true.</summary>
    public Task WaitForAsync(string expression) => Page.WaitForExpressionAsync(expression, new WaitForFunctionOptions { Timeout = 60_000, PollingInterval = 20 });

    /// <summary>The value of an expression of the page.</summary>
    public Task<T> ValueAsync<T>(string expression) => Page.EvaluateExpressionAsync<T>(expression);

    /// <summary>The text of the first element that fits.</summary>
    public Task<string> TextAsync(string selector) => ValueAsync<string>($"document.querySelector({JsonSerializer.Serialize(selector)}).textContent");

    /// <summary>Milliseconds from an act to the first picture in which an expression is true.</summary>
    /// <param name="act">a statement; <c>set(element, value, event)</c> changes an input as a person does</param>
    /// <param name="expression">what it leads to</param>
    public Task<double> MillisecondsOfAsync(string act, string expression) => ValueAsync<double>(
        $$"""
        new Promise(done => {
          const set = (input, value, name) => { input.value = value; input.dispatchEvent(new Event(name, { bubbles: true })); };
          const began = performance.now();
          {{act}};
          const look = () => requestAnimationFrame(() => ({{expression}}) ? setTimeout(() => done(performance.now() - began)) : look());
          look();
        })
        """);

    /// <summary>What axe finds that is serious or critical, as "rule: element".</summary>
    public async Task<IReadOnlyList<string>> SeriousFindingsAsync()
    {
        await Page.EvaluateExpressionAsync($"{AxeScript}; undefined");
        return await ValueAsync<string[]>(
            """
            axe.run(document, { resultTypes: ["violations"] }).then(found => found.violations
              .filter(one => one.impact === "serious" || one.impact === "critical")
              .flatMap(one => one.nodes.map(node => `${one.id}: ${node.target.join(" ")}`)))
            """);
    }

    /// <summary>Saves a picture when PROXIMA_SCREENSHOTS names a folder for them.</summary>
    public async Task PictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("PROXIMA_SCREENSHOTS") is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            await Page.ScreenshotAsync(Path.Combine(folder, $"{name}.png"), new ScreenshotOptions { FullPage = false });
        }
    }

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
