using Proxima.Core.Metrics;

namespace Proxima.Training.Checkpoints;

/// <summary>The best evaluation so far.</summary>
/// <param name="Step">its step; null before the first evaluation</param>
/// <param name="Metric">its metric_for_best_model</param>
/// <param name="EvaluationsSince">evaluations after it, none of them better</param>
public sealed record BestModel(int? Step, double Metric, int EvaluationsSince)
{
    /// <summary>Before the first evaluation.</summary>
    public static BestModel None { get; } = new(null, double.NaN, 0);

    /// <summary>With one more evaluation.</summary>
    /// <param name="step">its step</param>
    /// <param name="name">metric_for_best_model, which says whether more or less of it is better</param>
    /// <param name="metric">its value; one that is no number is never better</param>
    public BestModel After(int step, string name, double metric)
    {
        bool isBetter = Step is null ? !double.IsNaN(metric)
            : MetricNames.LessIsBetter(name) ? metric < Metric
            : metric > Metric;
        return isBetter ? new BestModel(step, metric, 0) : this with { EvaluationsSince = EvaluationsSince + 1 };
    }
}
