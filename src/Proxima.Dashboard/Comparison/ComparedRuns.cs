using System.Globalization;
using Proxima.Core.Metrics;
using Proxima.Dashboard.Web;

namespace Proxima.Dashboard.Comparison;

/// <summary>What several runs have measured, side by side.</summary>
public sealed class ComparedRuns
{
    private const double ShareOfEnds = 0.1;

    /// <summary>Metrics that are numbers of a step and make no sense as a mean over the end of a run.</summary>
    private static readonly string[] PassedOver = [MetricNames.TimeEvalS, MetricNames.TimeSaveS, MetricNames.PolicyLr, MetricNames.CriticLr, MetricNames.SftLr, MetricNames.RewardLr];

    private readonly IReadOnlyList<RunView> _runs;

    /// <summary>Reads the runs.</summary>
    /// <param name="folders">output folders</param>
    public ComparedRuns(IReadOnlyList<string> folders)
    {
        string[] names = [.. folders.Select(folder => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))))];
        Names = names.Distinct().Count() == names.Length ? names : folders;
        _runs = [.. folders.Select((folder, i) => new RunView(i.ToString(CultureInfo.InvariantCulture), Names[i], folder))];
        foreach (RunView run in _runs)
        {
            run.Refresh();
        }
    }

    /// <summary>What the runs are called: the folder's name, or the whole path where two have the same.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>All metrics that any run has: those of evaluations first, then the others, by name.</summary>
    public IReadOnlyList<string> Metrics =>
    [
        .. _runs.SelectMany(run => run.WithMetrics(metrics => metrics.Series.Keys.ToList())).Distinct()
            .OrderBy(name => IsOfEvaluation(name) ? 0 : name.StartsWith("objective/", StringComparison.Ordinal) ? 1 : 2).ThenBy(name => name, StringComparer.Ordinal),
    ];

    /// <summary>The points of a metric, one entry a run; null where it has none.</summary>
    public IReadOnlyList<MetricSeries?> Series(string metric) => [.. _runs.Select(run => run.WithMetrics(metrics => metrics.Series.GetValueOrDefault(metric)))];

    /// <summary>Numbers that sum the runs up: name → a cell for each run, empty where it has no such number.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<string> Cells)> Summary()
    {
        List<(string, IReadOnlyList<string>)> rows =
        [
            ("steps", [.. _runs.Select(run => run.WithMetrics(metrics => metrics.LastStep.ToString(CultureInfo.InvariantCulture)))]),
            ("minutes", [.. _runs.Select(run => Number(run.WithMetrics(Seconds) / 60))]),
        ];
        foreach (string metric in Metrics.Where(metric => !PassedOver.Contains(metric)))
        {
            IReadOnlyList<MetricSeries?> series = Series(metric);
            if (IsOfEvaluation(metric))
            {
                rows.Add(($"{metric}, first", [.. series.Select(found => Cell(found, values => values[0]))]));
                rows.Add(($"{metric}, last", [.. series.Select(found => Cell(found, values => values[^1]))]));
                if (metric is MetricNames.EvalRewardMean or MetricNames.EvalGoldMean or MetricNames.EvalAccuracy or MetricNames.EvalLoss)
                {
                    rows.Add(($"{metric}, best", [.. series.Select(found => Best(found, MetricNames.LessIsBetter(metric)))]));
                }
            }
            else
            {
                rows.Add((metric, [.. series.Select(found => Cell(found, values => values[^Ends(values)..].Average()))]));
            }
        }

        return rows;
    }

    /// <summary>Settings in which the runs differ: name → a cell for each run, empty where the run's file has no such setting.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<string> Cells)> DifferingSettings()
    {
        IReadOnlyDictionary<string, string>[] settings = [.. _runs.Select(run => run.Settings())];
        return
        [
            .. settings.SelectMany(of => of.Keys).Distinct()
                .Select(name => (name, (IReadOnlyList<string>)[.. settings.Select(of => of.GetValueOrDefault(name, ""))]))
                .Where(row => row.Item2.Distinct().Count() > 1),
        ];
    }

    private static bool IsOfEvaluation(string metric) => metric.StartsWith("eval/", StringComparison.Ordinal);

    private static double Seconds(MetricsFollower metrics) => metrics.Series.Where(pair => pair.Key.StartsWith("time/", StringComparison.Ordinal))
        .Sum(pair => pair.Value.Values.Where(float.IsFinite).Sum(value => (double)value));

    private static int Ends(double[] values) => Math.Max(1, (int)(values.Length * ShareOfEnds));

    private static string Cell(MetricSeries? series, Func<double[], double> of)
    {
        double[] finite = series is null ? [] : [.. series.Values.Where(float.IsFinite).Select(value => (double)value)];
        return finite.Length == 0 ? "" : Number(of(finite));
    }

    private static string Best(MetricSeries? series, bool lessIsBetter)
    {
        int[] finite = series is null ? [] : [.. Enumerable.Range(0, series.Count).Where(i => float.IsFinite(series.Values[i]))];
        if (finite.Length == 0)
        {
            return "";
        }

        int best = lessIsBetter ? finite.MinBy(i => series!.Values[i]) : finite.MaxBy(i => series!.Values[i]);
        return $"{Number(series!.Values[best])} (step {series.Steps[best].ToString(CultureInfo.InvariantCulture)})";
    }

    private static string Number(double value) => value.ToString("0.####;-0.####;0", CultureInfo.InvariantCulture) is var text && text is "0" && value != 0
        ? value.ToString("0.##e0", CultureInfo.InvariantCulture)
        : text;
}
