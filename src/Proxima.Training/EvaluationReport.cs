namespace Proxima.Training;

/// <summary>One evaluation: its metrics, and each response with its scores.</summary>
/// <param name="Metrics">eval/ metrics</param>
/// <param name="Samples">the responses that this rank has scored, in the order of the evaluation prompts</param>
public sealed record EvaluationReport(IReadOnlyDictionary<string, double> Metrics, IReadOnlyList<EvaluatedSample> Samples);
