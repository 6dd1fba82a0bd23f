using Proxima.Dashboard.Web;
using Proxima.TestSupport;

namespace Proxima.Browser.Tests;

/// <summary>The page of the dashboard in a real Chromium.</summary>
public sealed class DashboardPageTests(Chromium chromium, ITestOutputHelper output) : IClassFixture<Chromium>, IDisposable
{
    private const string Token = "0123456789abcdef0123";
    private const string Score = "figure[data-metric='objective/score_mean'] figcaption span";

    private static readonly DashboardOptions Quick = new() { PollInterval = TimeSpan.FromMilliseconds(50) };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task New_steps_and_new_runs_appear_by_themselves()
    {
        RecordedRuns.Write(_folder.At("one"), steps: 20, samplesPerStep: 1, seed: 1);
        await using DashboardServer server = await DashboardServer.StartAsync(_folder.FullPath, Quick);
        await using WatchedPage page = await chromium.OpenAsync();
        await page.OpenAsync(server.Address);
        await page.WaitForAsync($"document.querySelector(\"{Score}\")?.textContent.length > 0");

        await File.AppendAllTextAsync(_folder.At("one", "metrics.jsonl"), "{\"step\":21,\"objective/score_mean\":-7.25}\n", TestContext.Current.CancellationToken);
        await page.WaitForAsync($"document.querySelector(\"{Score}\").textContent.includes('-7.25')");
        RecordedRuns.Write(_folder.At("two"), steps: 5, samplesPerStep: 1, seed: 2);
        await page.WaitForAsync("document.querySelectorAll('#runs input').length === 2");

        Assert.Contains("step 21 of 20", await page.TextAsync("#state"), StringComparison.Ordinal);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Runs_lie_over_each_other_in_their_colours_and_can_be_taken_away()
    {
        RecordedRuns.Write(_folder.At("one"), steps: 100, samplesPerStep: 1, seed: 1);
        RecordedRuns.Write(_folder.At("two"), steps: 60, samplesPerStep: 1, seed: 2);
        await using DashboardServer server = await DashboardServer.StartAsync(_folder.FullPath, Quick);
        await using WatchedPage page = await chromium.OpenAsync();
        await page.OpenAsync(server.Address);

        // Colours of the first and the second run, as store.js has them.
        await page.WaitForAsync($"({PixelsOf(0x0b, 0x5c, 0xd5)}) > 50 && ({PixelsOf(0xbc, 0x4c, 0x00)}) > 50");
        await page.Page.ClickAsync("#runs label:nth-of-type(2) input");
        await page.WaitForAsync($"({PixelsOf(0x0b, 0x5c, 0xd5)}) > 50 && ({PixelsOf(0xbc, 0x4c, 0x00)}) === 0");

        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Samples_are_searched_sorted_read_token_by_token_and_compared_with_the_reference()
    {
        RecordedRuns.Write(_folder.At("one"), steps: 40, samplesPerStep: 3, seed: 1);
        await using DashboardServer server = await DashboardServer.StartAsync(_folder.FullPath, Quick);
        await using WatchedPage page = await chromium.OpenAsync();
        await page.OpenAsync(server.Address, "samples");
        await page.WaitForAsync("document.querySelectorAll('tr[data-number]').length === 100");
        Assert.Contains("123 ", await page.TextAsync(".legend[role=status]"), StringComparison.Ordinal);

        await page.Page.SelectAsync("#sort", "score");
        await page.WaitForAsync("document.querySelector('tbody tr').dataset.number !== '122'");
        double[] scores = await page.ValueAsync<double[]>("[...document.querySelectorAll('tr[data-number] td:nth-child(2)')].map(cell => Number(cell.textContent))");
        Assert.Equal(scores.OrderDescending(), scores);

        await page.Page.TypeAsync("#search", "happy boy");
        await page.WaitForAsync("document.querySelectorAll('tr[data-number]').length < 100");
        Assert.All(await page.ValueAsync<string[]>("[...document.querySelectorAll('tr[data-number]')].map(row => row.textContent)"), row => Assert.Contains("happy boy", row, StringComparison.OrdinalIgnoreCase));

        await page.Page.SelectAsync("#kind", "rollout");
        await page.WaitForAsync("[...document.querySelectorAll('tr[data-number] td:first-child')].every(cell => cell.textContent !== 'reference')");
        await page.Page.ClickAsync("tbody tr:nth-child(2)");
        await page.WaitForAsync("document.querySelectorAll('.answer .token').length === 30 && document.querySelector('tbody tr:nth-child(2)').ariaSelected === 'true'");
        Assert.Equal(30, await page.ValueAsync<int>("[...document.querySelectorAll('.answer .token')].filter(token => token.style.background.includes('color-mix')).length"));
        Assert.True(await page.ValueAsync<int>("document.querySelectorAll('.answer ins, .answer del').length") > 0);
        await page.PictureAsync("samples");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_light_that_is_not_good_says_what_to_do_in_both_languages()
    {
        RecordedRuns.Write(_folder.At("one"), steps: 50, samplesPerStep: 1, seed: 1);
        await using DashboardServer server = await DashboardServer.StartAsync(_folder.FullPath, Quick);
        await using WatchedPage page = await chromium.OpenAsync();
        await page.OpenAsync(server.Address);
        await page.WaitForAsync("document.querySelector(\"details[data-light$='/kl'] .light.alarm\") !== null");

        await page.Page.ClickAsync("details[data-light$='/kl'] summary");
        Assert.Contains("kl_coeff", await page.TextAsync("details[data-light$='/kl'] p"), StringComparison.Ordinal);
        await page.Page.ClickAsync("#language");
        await page.WaitForAsync("document.documentElement.lang === 'zh-CN'");
        await page.WaitForAsync("document.querySelector(\"details[data-light$='/kl'] p\").textContent.includes('策略')");

        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_visitor_without_the_token_sees_nothing_of_the_runs()
    {
        RecordedRuns.Write(_folder.At("secret-run"), steps: 10, samplesPerStep: 1, seed: 1);
        await using DashboardServer server = await DashboardServer.StartAsync(_folder.FullPath, Quick with { Token = Token });
        await using WatchedPage stranger = await chromium.OpenAsync();
        PuppeteerSharp.IResponse refused = (await stranger.Page.GoToAsync(server.Address.ToString()))!;
        Assert.False(refused.Ok);
        Assert.DoesNotContain("secret-run", await stranger.Page.GetContentAsync(), StringComparison.Ordinal);

        await using WatchedPage friend = await chromium.OpenAsync();
        await friend.Page.GoToAsync($"{server.Address}?token={Token}");
        await friend.WaitForAsync("document.getElementById('runs').textContent.includes('secret-run')");
        Assert.DoesNotContain(Token, friend.Page.Url, StringComparison.Ordinal);
        Assert.Empty(friend.Errors);
    }

    [Fact]
    public async Task Keys_change_view_theme_and_zoom()
    {
        RecordedRuns.Write(_folder.At("one"), steps: 50, samplesPerStep: 2, seed: 1);
        await using DashboardServer server = await DashboardServer.StartAsync(_folder.FullPath, Quick);
        await using WatchedPage page = await chromium.OpenAsync();
        await page.OpenAsync(server.Address);

        foreach ((string key, string tab) in new[] { ("2", "samples"), ("3", "phases"), ("4", "settings"), ("1", "curves") })
        {
            await page.Page.Keyboard.PressAsync(key);
            Assert.Equal("true", await page.ValueAsync<string>($"document.getElementById('tab-{tab}').ariaSelected"));
        }

        await page.Page.Keyboard.PressAsync("d");
        Assert.Equal("dark", await page.ValueAsync<string>("document.documentElement.dataset.theme"));
        await page.Page.Keyboard.PressAsync("?");
        Assert.True(await page.ValueAsync<bool>("document.getElementById('keys').open"));
        Assert.Empty(page.Errors);
    }

    /// <summary>A constant is rounded here and there when it is smoothed; its picture must have an end all the same.</summary>
    [Fact]
    public async Task A_constant_metric_is_drawn_with_every_smoothing()
    {
        RecordedRuns.Write(_folder.At("one"), steps: 400, samplesPerStep: 1, seed: 1);
        await using DashboardServer server = await DashboardServer.StartAsync(_folder.FullPath, Quick);
        await using WatchedPage page = await chromium.OpenAsync();
        await page.OpenAsync(server.Address);
        await page.Page.TypeAsync("#search", "clip_fraction");
        await page.WaitForAsync("document.querySelectorAll('figure.chart').length === 1");
        for (int step = 1; step <= 9; step++)
        {
            await page.Page.Keyboard.PressAsync("Escape");
            await page.Page.Keyboard.PressAsync("]");
            await page.WaitForAsync("document.querySelector('figure.chart canvas').getAttribute('aria-label').includes('0.03')");
        }

        Assert.Empty(page.Errors);
    }

    [Theory]
    [InlineData(1280, "light")]
    [InlineData(1280, "dark")]
    [InlineData(390, "light")]
    [InlineData(390, "dark")]
    public async Task Every_view_is_accessible_in_each_theme_and_width_and_nothing_sticks_out(int width, string theme)
    {
        RecordedRuns.Write(_folder.At("one"), steps: 60, samplesPerStep: 3, seed: 1);
        RecordedRuns.Write(_folder.At("two"), steps: 40, samplesPerStep: 3, seed: 2);
        await using DashboardServer server = await DashboardServer.StartAsync(_folder.FullPath, Quick);
        await using WatchedPage page = await chromium.OpenAsync(width, theme);
        await page.OpenAsync(server.Address);
        foreach (string tab in new[] { "curves", "samples", "phases", "settings" })
        {
            await page.Page.ClickAsync($"#tab-{tab}");
            await page.WaitForAsync("document.querySelector('#view canvas, #view td') !== null");
            await page.PictureAsync($"{tab}-{theme}-{width}");

            Assert.Empty(await page.SeriousFindingsAsync());
            Assert.True(await page.ValueAsync<int>("document.documentElement.scrollWidth") <= width, $"{tab} is wider than the window");
        }

        Assert.Empty(page.Errors);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Ten_thousand_steps_and_fifty_thousand_samples_are_shown()
    {
        RecordedRuns.Write(_folder.At("long"), steps: 10_000, samplesPerStep: 5, seed: 1);
        await using DashboardServer server = await DashboardServer.StartAsync(_folder.FullPath, Quick);
        await using WatchedPage page = await chromium.OpenAsync();
        await page.OpenAsync(server.Address);
        await page.WaitForAsync($"({PixelsOf(0x0b, 0x5c, 0xd5)}) > 50");
        Assert.Contains("10000", await page.TextAsync("#state"), StringComparison.Ordinal);
        Tell("ready", await page.ValueAsync<double>("performance.now()"));
        Tell("smoothing", await page.MillisecondsOfAsync("set(document.getElementById('smoothing'), '0.5', 'input')", "true"));
        await page.WaitForAsync($"({PixelsOf(0x0b, 0x5c, 0xd5)}) > 50");

        const string Count = "document.querySelector('.legend[role=status]')?.textContent";
        Tell("samples tab", await page.MillisecondsOfAsync("document.getElementById('tab-samples').click()", $"{Count}?.startsWith('50005')"));
        Tell("sorted by score", await page.MillisecondsOfAsync(
            "set(document.getElementById('sort'), 'score', 'change')", "document.querySelector('tbody tr:not([data-number=\"50004\"])') === document.querySelector('tbody tr')"));
        Tell("searched", await page.MillisecondsOfAsync("set(document.getElementById('search'), 'girl went', 'input')", $"!{Count}.startsWith('50005')"));
        Assert.Empty(page.Errors);

        void Tell(string what, double milliseconds) => output.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{what}: {milliseconds:0} ms"));
    }

    /// <summary>An expression that counts the pixels of a colour in the picture of the score.</summary>
    private static string PixelsOf(int red, int green, int blue) =>
        $$"""
        (() => {
          const canvas = document.querySelector("figure[data-metric='objective/score_mean'] canvas");
          if (!canvas || canvas.width === 0) { return -1; }
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          let count = 0;
          for (let i = 0; i < data.length; i += 4) {
            count += Math.abs(data[i] - {{red}}) < 12 && Math.abs(data[i + 1] - {{green}}) < 12 && Math.abs(data[i + 2] - {{blue}}) < 12 && data[i + 3] > 128;
          }
          return count;
        })()
        """;
}
