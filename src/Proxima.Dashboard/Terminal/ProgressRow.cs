namespace Proxima.Dashboard.Terminal;

/// <summary>A logged step or an evaluation.</summary>
/// <param name="Step">step</param>
/// <param name="IsEvaluation">whether the metrics are those of an evaluation</param>
/// <param name="Metrics">flat names and values</param>
public sealed record ProgressRow(int Step, bool IsEvaluation, IReadOnlyDictionary<string, double> Metrics);
