using System.Globalization;
using Proxima.Core.Metrics;

namespace Proxima.Dashboard.Terminal;

/// <summary>A column of the table: a metric of a step and its counterpart of an evaluation.</summary>
/// <param name="Title">heading</param>
/// <param name="StepMetrics">metrics of a training step; a command has at most one of them</param>
/// <param name="EvaluationMetric">metric of an evaluation; null: left empty</param>
/// <param name="Format">.NET number format</param>
/// <param name="Rank">which columns stay where not all have room: the lower ones</param>
public sealed record MetricColumn(string Title, IReadOnlyList<string> StepMetrics, string? EvaluationMetric, string Format, int Rank)
{
    /// <summary>The columns of all commands in their order; a run shows those that it has metrics for.</summary>
    public static IReadOnlyList<MetricColumn> All { get; } =
    [
        new("loss", [MetricNames.SftLoss, MetricNames.RewardLoss], MetricNames.EvalLoss, "0.0000", 1),
        new("accuracy", [MetricNames.RewardAccuracy], MetricNames.EvalAccuracy, "0.0%", 2),
        new("margin", [MetricNames.RewardMarginMean], null, "0.00", 3),
        new("grad norm", [MetricNames.SftGradNorm, MetricNames.RewardGradNorm], null, "0.000", 4),
        new("rate", [MetricNames.SftLr, MetricNames.RewardLr], null, "0.00e0", 5),
        new("reward", [MetricNames.ObjectiveScoreMean], MetricNames.EvalRewardMean, "0.000", 1),
        new("gold", [], MetricNames.EvalGoldMean, "0.000", 2),
        new("KL/seq", [MetricNames.ObjectiveKlPerSeq], MetricNames.EvalKlPerSeq, "0.00", 3),
        new("length", [MetricNames.RolloutResponseLengthMean], MetricNames.EvalResponseLengthMean, "0.0", 4),
        new("entropy", [MetricNames.ObjectiveEntropyPerToken], null, "0.00", 5),
        new("clip", [MetricNames.PolicyClipFraction], null, "0.0%", 7),
        new("value fit", [MetricNames.CriticExplainedVariance], null, "0.00", 6),
        new("roll tok/s", [MetricNames.ThroughputRolloutTokensPerS], null, "#,0", 8),
        new("train tok/s", [MetricNames.ThroughputTrainTokensPerS], null, "#,0", 9),
        new("roll s", [MetricNames.TimeRolloutS], null, "0.00", 10),
        new("score s", [MetricNames.TimeScoreS], null, "0.00", 12),
        new("update s", [MetricNames.TimeUpdateS], null, "0.00", 11),
    ];

    /// <summary>The cell of a row; empty where the row has no such metric.</summary>
    public string Cell(ProgressRow row) => TryFind(row, out double value) ? value.ToString(Format, CultureInfo.InvariantCulture) : "";

    /// <summary>The number of a row; NaN where the row has no such metric.</summary>
    public double ValueOf(ProgressRow row) => TryFind(row, out double value) ? value : double.NaN;

    private bool TryFind(ProgressRow row, out double value)
    {
        value = double.NaN;
        string? metric = row.IsEvaluation ? EvaluationMetric : StepMetrics.FirstOrDefault(row.Metrics.ContainsKey);
        return metric is not null && row.Metrics.TryGetValue(metric, out value);
    }
}
