using Proxima.Core.Metrics;

namespace Proxima.Dashboard.Web;

/// <summary>
/// The usual ways in which PPO from feedback goes wrong, read from a run's metrics. The limits are rules of thumb: a light asks for a look,
/// it proves nothing.
/// </summary>
public static class RunHealth
{
    private const int FewestSteps = 5;

    /// <summary>All lights, in the order to be shown.</summary>
    /// <param name="series">metrics by name</param>
    public static IReadOnlyList<HealthLight> Examine(IReadOnlyDictionary<string, MetricSeries> series) =>
    [
        Above("kl", series, MetricNames.ObjectiveKlPerToken, watch: .2, alarm: .5),
        Falls("entropy", series, MetricNames.ObjectiveEntropyPerToken, watch: .5, alarm: .25),
        Length(series),
        Critic(series),
        Above("clip", series, MetricNames.PolicyClipFraction, watch: .3, alarm: .5),
        Above("gap", series, MetricNames.RolloutLogprobGapMean, watch: .02, alarm: .1),
        Falls("saturation", series, MetricNames.ObjectiveScoreStd, watch: .2, alarm: .05),
        Falls("diversity", series, MetricNames.RolloutDistinct2, watch: .5, alarm: .25),
        Above("skipped", series, MetricNames.PolicySkippedSteps, watch: 1e-9, alarm: .5),
        Gold(series),
    ];

    /// <summary>The mean of the last steps is too high.</summary>
    private static HealthLight Above(
        string id, IReadOnlyDictionary<string, MetricSeries> series, string metric, double watch, double alarm) =>
        Known(series, metric) is { } numbers
            ? new HealthLight(id, LevelOf(Recent(numbers), watch, alarm), Recent(numbers))
            : new HealthLight(id, HealthLevel.Unknown);

    /// <summary>The mean of the last steps is a small share of that of the first.</summary>
    private static HealthLight Falls(
        string id, IReadOnlyDictionary<string, MetricSeries> series, string metric, double watch, double alarm)
    {
        if (Known(series, metric) is not { } numbers)
        {
            return new HealthLight(id, HealthLevel.Unknown);
        }

        double start = First(numbers);
        double share = start > 0 ? Recent(numbers) / start : 1;
        return new HealthLight(id, LevelOf(-share, -watch, -alarm), Recent(numbers), start);
    }

    /// <summary>Answers grow much longer (or shorter) while the score rises: length may be what is rewarded.</summary>
    private static HealthLight Length(IReadOnlyDictionary<string, MetricSeries> series)
    {
        if (Known(series, MetricNames.RolloutResponseLengthMean) is not { } lengths || Known(series, MetricNames.ObjectiveScoreMean) is not { } scores)
        {
            return new HealthLight("length", HealthLevel.Unknown);
        }

        double start = First(lengths);
        double recent = Recent(lengths);
        double change = start > 0 && recent > 0 ? Math.Max(recent / start, start / recent) : 1;
        HealthLevel level = Recent(scores) > First(scores) ? LevelOf(change, 1.5, 2.5) : HealthLevel.Good;
        return new HealthLight("length", level, recent, start);
    }

    /// <summary>After some steps a critic should explain more of the returns than a constant does.</summary>
    private static HealthLight Critic(IReadOnlyDictionary<string, MetricSeries> series) =>
        Known(series, MetricNames.CriticExplainedVariance) is { Length: >= 4 * FewestSteps } numbers
            ? new HealthLight("critic", LevelOf(-Recent(numbers), -.1, 0), Recent(numbers))
            : new HealthLight("critic", HealthLevel.Unknown);

    /// <summary>The gold metric has fallen from its best while the reward of training has risen since (Gao et al. 2023).</summary>
    private static HealthLight Gold(IReadOnlyDictionary<string, MetricSeries> series)
    {
        if (!series.TryGetValue(MetricNames.EvalGoldMean, out MetricSeries? gold)
            || !series.TryGetValue(MetricNames.EvalRewardMean, out MetricSeries? reward)
            || gold.Count < 3 || gold.Count != reward.Count)
        {
            return new HealthLight("gold", HealthLevel.Unknown);
        }

        int best = Enumerable.Range(0, gold.Count).MaxBy(i => float.IsNaN(gold.Values[i]) ? float.MinValue : gold.Values[i]);
        double gain = gold.Values[best] - gold.Values[0];
        double loss = gold.Values[best] - gold.Values[^1];
        bool rewardRose = reward.Values[^1] > reward.Values[best];
        HealthLevel level = rewardRose && gain > 0 ? LevelOf(loss / gain, .1, .3) : HealthLevel.Good;
        return new HealthLight("gold", level, gold.Values[^1], gold.Values[best]);
    }

    private static HealthLevel LevelOf(double value, double watch, double alarm) =>
        value >= alarm ? HealthLevel.Alarm : value >= watch ? HealthLevel.Watch : HealthLevel.Good;

    /// <summary>The finite numbers of a metric; none where there are too few to judge.</summary>
    private static double[]? Known(IReadOnlyDictionary<string, MetricSeries> series, string metric)
    {
        double[] numbers = series.TryGetValue(metric, out MetricSeries? found)
            ? [.. found.Values.Where(float.IsFinite).Select(value => (double)value)]
            : [];
        return numbers.Length >= FewestSteps ? numbers : null;
    }

    private static double First(double[] numbers) => numbers.Take(FewestSteps).Average();

    /// <summary>Mean over the last tenth, at least <see cref="FewestSteps"/>.</summary>
    private static double Recent(double[] numbers) => numbers.TakeLast(Math.Max(FewestSteps, numbers.Length / 10)).Average();
}
