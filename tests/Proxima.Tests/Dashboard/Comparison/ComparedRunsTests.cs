using System.Xml.Linq;
using Proxima.Core;
using Proxima.Core.Answers;
using Proxima.Dashboard.Comparison;
using Proxima.TestSupport;

namespace Proxima.Tests.Dashboard.Comparison;

public sealed class ComparedRunsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ComparedRunsTests()
    {
        _folder.Write("one/metrics.jsonl", string.Concat(Enumerable.Range(1, 20).Select(step => $"{{\"step\":{step},\"policy/loss\":{step},\"time/update_s\":30}}\n"))
            + "{\"step\":5,\"eval/reward_mean\":0.5}\n{\"step\":10,\"eval/reward_mean\":0.9}\n{\"step\":20,\"eval/reward_mean\":0.75}\n");
        _folder.Write("one/run_config.json", """{"seed": 1, "kl_coeff": 0.1}""");
        _folder.Write("two/metrics.jsonl", "{\"step\":1,\"policy/loss\":null,\"critic/loss\":2.5}\n");
        _folder.Write("two/run_config.json", """{"seed": 2, "kl_coeff": 0.1, "top_k": 5}""");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_summary_has_ends_and_bests_and_leaves_empty_what_a_run_has_not()
    {
        Dictionary<string, IReadOnlyList<string>> rows = Runs().Summary().ToDictionary(row => row.Name, row => row.Cells);

        Assert.Equal(["20", "1"], rows["steps"]);
        Assert.Equal(["10", "0"], rows["minutes"]);
        Assert.Equal(["0.5", ""], rows["eval/reward_mean, first"]);
        Assert.Equal(["0.75", ""], rows["eval/reward_mean, last"]);
        Assert.Equal(["0.9 (step 10)", ""], rows["eval/reward_mean, best"]);
        Assert.Equal(["19.5", ""], rows["policy/loss"]); // the last two of twenty
        Assert.Equal(["", "2.5"], rows["critic/loss"]);
    }

    [Fact]
    public void Only_settings_that_differ_are_listed()
    {
        Assert.Equal([("seed", "1|2"), ("top_k", "|5")], Runs().DifferingSettings().Select(row => (row.Name, string.Join('|', row.Cells))));
    }

    [Fact]
    public void Runs_whose_folders_have_the_same_name_are_told_apart()
    {
        _folder.Write("other/one/metrics.jsonl", "{\"step\":1}\n");

        Assert.Equal([_folder.At("one"), _folder.At("other", "one")], new ComparedRuns([_folder.At("one"), _folder.At("other", "one")]).Names);
    }

    [Fact]
    public void The_report_stands_alone_and_its_curves_are_where_their_numbers_are()
    {
        string html = new ComparisonReport(Runs(), [("Win <rates>", "about", ["run", "wins"], [["one & two", "3"]])]).Html();

        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("Win &lt;rates&gt;", html, StringComparison.Ordinal);
        Assert.Contains("<td>one &amp; two</td><td>3</td>", html, StringComparison.Ordinal);
        int from = html.IndexOf("<svg", html.IndexOf("<figcaption>policy/loss<", StringComparison.Ordinal), StringComparison.Ordinal);
        XElement svg = XElement.Parse(html[from..(html.IndexOf("</svg>", from, StringComparison.Ordinal) + "</svg>".Length)]);
        double[] heights = [.. svg.Elements("circle").Select(circle => (double)circle.Attribute("cy")!)];
        double[] places = [.. svg.Elements("circle").Select(circle => (double)circle.Attribute("cx")!)];

        Assert.Equal(20, heights.Length); // a rising line: each point right of the one before and higher
        Assert.All(heights.Zip(heights.Skip(1)), pair => Assert.True(pair.Second < pair.First));
        Assert.All(places.Zip(places.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, places[1] - places[0] - 0.11, places[1] - places[0] + 0.11));
    }

    [Fact]
    public void A_line_of_many_steps_takes_no_more_points_than_pixels()
    {
        _folder.Write("long/metrics.jsonl", string.Concat(Enumerable.Range(1, 10_000).Select(step => $"{{\"step\":{step},\"policy/loss\":{step % 7}}}\n")));

        string html = new ComparisonReport(new ComparedRuns([_folder.At("long"), _folder.At("two")]), []).Html();

        Assert.InRange(html.Length, 1000, 60_000);
    }

    [Fact]
    public void All_mistakes_of_a_command_line_are_named()
    {
        ProximaException exception = Assert.Throws<ProximaException>(() => CompareSettingsLoader.Load([_folder.At("nowhere"), "--report_file", "x.pdf", "--eval_task_config", "t.json"], []));

        Assert.Equal(ExitCode.Usage, exception.ExitCode);
        Assert.All(new[] { "nowhere", "two runs or more", "report_file = x.pdf", "exactly one source of rewards" }, part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Options_of_answering_without_a_task_are_warned_of()
    {
        LoadedCompareSettings loaded = CompareSettingsLoader.Load([_folder.At("one"), _folder.At("two"), "--top_k", "5"], []);

        Assert.Contains("top_k", Assert.Single(loaded.Warnings), StringComparison.Ordinal);
    }

    private ComparedRuns Runs() => new([_folder.At("one"), _folder.At("two")]);
}
