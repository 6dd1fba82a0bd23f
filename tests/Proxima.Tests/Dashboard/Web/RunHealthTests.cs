using Proxima.Core.Metrics;
using Proxima.Dashboard.Web;
using Proxima.TestSupport;

namespace Proxima.Tests.Dashboard.Web;

public sealed class RunHealthTests
{
    [Theory]
    [InlineData("kl", MetricNames.ObjectiveKlPerToken, .1, HealthLevel.Good)]
    [InlineData("kl", MetricNames.ObjectiveKlPerToken, .3, HealthLevel.Watch)]
    [InlineData("kl", MetricNames.ObjectiveKlPerToken, .9, HealthLevel.Alarm)]
    [InlineData("clip", MetricNames.PolicyClipFraction, .1, HealthLevel.Good)]
    [InlineData("clip", MetricNames.PolicyClipFraction, .4, HealthLevel.Watch)]
    [InlineData("clip", MetricNames.PolicyClipFraction, .6, HealthLevel.Alarm)]
    [InlineData("gap", MetricNames.RolloutLogprobGapMean, 1e-6, HealthLevel.Good)]
    [InlineData("gap", MetricNames.RolloutLogprobGapMean, .05, HealthLevel.Watch)]
    [InlineData("gap", MetricNames.RolloutLogprobGapMean, .5, HealthLevel.Alarm)]
    [InlineData("critic", MetricNames.CriticExplainedVariance, .6, HealthLevel.Good)]
    [InlineData("critic", MetricNames.CriticExplainedVariance, .05, HealthLevel.Watch)]
    [InlineData("critic", MetricNames.CriticExplainedVariance, -.2, HealthLevel.Alarm)]
    [InlineData("skipped", MetricNames.PolicySkippedSteps, 0, HealthLevel.Good)]
    [InlineData("skipped", MetricNames.PolicySkippedSteps, .1, HealthLevel.Watch)]
    public void The_mean_of_the_last_steps_decides(string light, string metric, double recent, HealthLevel expected) =>
        Assert.Equal(expected, Level(light, (metric, [.. Enumerable.Repeat(99.0, 40), .. Enumerable.Repeat(recent, 5)])));

    [Theory]
    [InlineData("entropy", MetricNames.ObjectiveEntropyPerToken)]
    [InlineData("diversity", MetricNames.RolloutDistinct2)]
    public void A_fall_to_a_share_of_the_start_is_told(string light, string metric)
    {
        Assert.Equal(HealthLevel.Good, Level(light, (metric, Line(1, .8))));
        Assert.Equal(HealthLevel.Watch, Level(light, (metric, Line(1, .4))));
        Assert.Equal(HealthLevel.Alarm, Level(light, (metric, Line(1, .1))));
    }

    [Fact]
    public void A_change_of_length_counts_when_the_score_rises()
    {
        double[] rises = Line(0, 1);
        Assert.Equal(HealthLevel.Good, Level("length", (MetricNames.RolloutResponseLengthMean, Line(20, 22)), (MetricNames.ObjectiveScoreMean, rises)));
        Assert.Equal(HealthLevel.Watch, Level("length", (MetricNames.RolloutResponseLengthMean, Line(20, 40)), (MetricNames.ObjectiveScoreMean, rises)));
        Assert.Equal(HealthLevel.Alarm, Level("length", (MetricNames.RolloutResponseLengthMean, Line(20, 5)), (MetricNames.ObjectiveScoreMean, rises)));
        Assert.Equal(HealthLevel.Good, Level("length", (MetricNames.RolloutResponseLengthMean, Line(20, 90)), (MetricNames.ObjectiveScoreMean, Line(1, 0))));
    }

    [Fact]
    public void A_gold_metric_that_falls_while_the_reward_rises_is_over_optimization()
    {
        (string, double[]) reward = (MetricNames.EvalRewardMean, [0, 1, 2, 3]);
        Assert.Equal(HealthLevel.Good, Level("gold", reward, (MetricNames.EvalGoldMean, [.2, .4, .5, .6])));
        Assert.Equal(HealthLevel.Watch, Level("gold", reward, (MetricNames.EvalGoldMean, [.2, .4, .6, .54])));
        Assert.Equal(HealthLevel.Alarm, Level("gold", reward, (MetricNames.EvalGoldMean, [.2, .6, .5, .3])));
        Assert.Equal(HealthLevel.Good, Level("gold", (MetricNames.EvalRewardMean, [0, 3, 2, 1]), (MetricNames.EvalGoldMean, [.2, .6, .5, .3])));
    }

    [Fact]
    public void Few_steps_are_not_judged() =>
        Assert.All(RunHealth.Examine(Series((MetricNames.ObjectiveKlPerToken, [9, 9, 9, 9]))), light => Assert.Equal(HealthLevel.Unknown, light.Level));

    [Theory]
    [InlineData("dashboard.md")]
    [InlineData("troubleshooting.md")]
    public void Each_light_has_its_row_in_the_documentation(string page)
    {
        string text = File.ReadAllText(RepositoryPaths.InRepository("docs", page));

        Assert.All(RunHealth.Examine(new Dictionary<string, MetricSeries>()), light => Assert.Contains($"| `{light.Id}` |", text, StringComparison.Ordinal));
    }

    private static double[] Line(double from, double to) => [.. Enumerable.Repeat(from, 5), .. Enumerable.Repeat(to, 5)];

    private static HealthLevel Level(string id, params (string, double[])[] metrics) => RunHealth.Examine(Series(metrics)).Single(light => light.Id == id).Level;

    private static Dictionary<string, MetricSeries> Series(params (string Name, double[] Values)[] metrics)
    {
        Dictionary<string, MetricSeries> all = [];
        foreach ((string name, double[] values) in metrics)
        {
            var series = new MetricSeries();
            for (int i = 0; i < values.Length; i++)
            {
                series.Add(line: i, step: i + 1, (float)values[i]);
            }

            all[name] = series;
        }

        return all;
    }
}
