using System.Diagnostics;
using Proxima.Core.Display;
using Proxima.Core.Metrics;

namespace Proxima.Training;

/// <summary>Takes an evaluation's metrics and the time it took to the log and the display.</summary>
/// <param name="measure">evaluates after a step: step → eval/ metrics</param>
/// <param name="log">receives them</param>
/// <param name="display">shows them</param>
public sealed class Evaluation(Func<int, IReadOnlyDictionary<string, double>> measure, RunMetrics log, IRunDisplay display)
{
    /// <summary>Evaluates after a step; step 0 is before the first.</summary>
    public IReadOnlyDictionary<string, double> Run(int step)
    {
        display.Phase(step, RunPhase.Evaluate);
        long started = Stopwatch.GetTimestamp();
        var metrics = new Dictionary<string, double>(measure(step))
        {
            [MetricNames.TimeEvalS] = Stopwatch.GetElapsedTime(started).TotalSeconds,
        };
        log.Append(step, metrics);
        display.Evaluation(step, metrics);
        return metrics;
    }
}
