namespace Proxima.Training.Checkpoints;

/// <summary>The best evaluation so far.</summary>
/// <param name="Step">its step; null before the first evaluation</param>
/// <param name="Metric">its metric_for_best_model, greater is better</param>
/// <param name="EvaluationsSince">evaluations after it, none of them better</param>
public sealed record BestModel(int? Step, double Metric, int EvaluationsSince)
{
    /// <summary>Before the first evaluation.</summary>
    public static BestModel None { get; } = new(null, double.NegativeInfinity, 0);

    /// <summary>With one more evaluation.</summary>
    public BestModel After(int step, double metric) =>
        metric > Metric ? new BestModel(step, metric, 0) : this with { EvaluationsSince = EvaluationsSince + 1 };
}
