using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Proxima.Core.Display;
using Proxima.Core.Metrics;
using Proxima.Core.Runs;

namespace Proxima.Training;

/// <summary>Runs the evaluator, writes eval_out-stepN-rankR.jsonl and the eval/ metrics.</summary>
public sealed class Evaluation(Evaluator evaluator, RunFolder folder, RunMetrics log, IRunDisplay display)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Evaluates after a step; step 0 is before the first.</summary>
    public IReadOnlyDictionary<string, double> Run(int step)
    {
        display.Phase(step, RunPhase.Evaluate);
        long started = Stopwatch.GetTimestamp();
        EvaluationReport report = evaluator.Evaluate();
        AtomicFile.WriteText(folder.EvaluationPath(step, rank: 0), string.Concat(report.Samples.Select(s => JsonSerializer.Serialize(s, Options) + "\n")));
        var metrics = new Dictionary<string, double>(report.Metrics)
        {
            [MetricNames.TimeEvalS] = Stopwatch.GetElapsedTime(started).TotalSeconds,
        };
        log.Append(step, metrics);
        display.Evaluation(step, metrics);
        return metrics;
    }
}
