using PuppeteerSharp;

namespace Proxima.Browser.Tests;

/// <summary>The system's Chromium, started once for all tests; they are skipped where there is none.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        if (path is not null)
        {
            // The sandbox of Chromium does not start for root and in most containers; only pages of this repository are opened.
            _browser = await Puppeteer.LaunchAsync(new LaunchOptions { ExecutablePath = path, Headless = true, Args = ["--no-sandbox", "--disable-gpu", "--lang=en"] });
        }
    }

    /// <summary>A fresh page with its own storage; skips the running test where there is no Chromium.</summary>
    /// <param name="width">of the window in pixels</param>
    /// <param name="theme">light or dark</param>
    public async Task<WatchedPage> OpenAsync(int width = 1280, string theme = "light")
    {
        Assert.SkipWhen(_browser is null, "needs Chromium (Debian: apt-get install chromium)");
        IBrowserContext context = await _browser!.CreateBrowserContextAsync();
        IPage page = await context.NewPageAsync();
        await page.SetViewportAsync(new ViewPortOptions { Width = width, Height = 900 });
        await page.EmulateMediaFeaturesAsync([new() { MediaFeature = MediaFeature.PrefersColorScheme, Value = theme }]);
        return new WatchedPage(context, page);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }
    }
}
