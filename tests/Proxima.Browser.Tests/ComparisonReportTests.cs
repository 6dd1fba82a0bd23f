using Proxima.Dashboard.Comparison;
using Proxima.TestSupport;

namespace Proxima.Browser.Tests;

/// <summary>The report of <c>compare</c> in a real Chromium.</summary>
public sealed class ComparisonReportTests(Chromium chromium) : IClassFixture<Chromium>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1280, "light")]
    [InlineData(390, "dark")]
    public async Task The_file_shows_curves_without_a_server_and_is_accessible(int width, string theme)
    {
        RecordedRuns.Write(_folder.At("one"), steps: 200, samplesPerStep: 1, seed: 1);
        RecordedRuns.Write(_folder.At("two"), steps: 30, samplesPerStep: 1, seed: 2);
        var runs = new ComparedRuns([_folder.At("one"), _folder.At("two")]);
        string file = _folder.Write("report.html", new ComparisonReport(runs, [("Win rates", "Of two.", ["run", "win rate"], [["one", ""], ["two", "0.75 [0.6, 0.86]"]])]).Html());
        await using WatchedPage page = await chromium.OpenAsync(width, theme);

        await page.Page.GoToAsync(new Uri(file).AbsoluteUri);
        await page.PictureAsync($"report-{theme}-{width}");

        Assert.Equal(runs.Metrics.Count, await page.ValueAsync<int>("[...document.querySelectorAll('figure svg')].filter(svg => svg.getBoundingClientRect().height > 50 && svg.querySelectorAll('path.line').length === 2).length"));
        Assert.Empty(await page.SeriousFindingsAsync());
        Assert.True(await page.ValueAsync<int>("document.documentElement.scrollWidth") <= width, "wider than the window");
        Assert.Empty(page.Errors);
    }
}
