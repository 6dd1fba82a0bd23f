using Proxima.Core.Metrics.TensorBoard;
using Proxima.Core.Runs;
using Proxima.Core.Settings;

namespace Proxima.Core.Metrics;

/// <summary>Where the metrics of a run go: metrics.jsonl, and TensorBoard events unless report_to is none.</summary>
public sealed class RunMetrics : IDisposable
{
    private readonly MetricsLog? _log;
    private readonly EventFile? _events;

    private RunMetrics(MetricsLog? log, EventFile? events)
    {
        _log = log;
        _events = events;
    }

    /// <summary>Writes nothing: for the ranks that do not write for all.</summary>
    public static RunMetrics Nowhere() => new(log: null, events: null);

    /// <summary>Opens both, without what an earlier process wrote of later steps.</summary>
    /// <param name="folder">the run's folder; it exists</param>
    /// <param name="run">report_to and logging_dir</param>
    /// <param name="lastStep">last step whose lines stay; −1 when the run starts anew</param>
    /// <param name="time">clock of the events</param>
    /// <exception cref="ProximaException">metrics.jsonl is damaged, or the folder of the events cannot be written</exception>
    public static RunMetrics OpenAfter(RunFolder folder, RunSettings run, int lastStep, TimeProvider time)
    {
        MetricsLog log = MetricsLog.OpenAfter(folder.MetricsPath, lastStep);
        return new RunMetrics(log, run.ReportTo == ReportTarget.Tensorboard ? Events(run.LoggingDir ?? folder.EventsPath, lastStep + 1, time) : null);
    }

    /// <summary>Writes the metrics of one log line.</summary>
    /// <param name="step">the step it belongs to</param>
    /// <param name="metrics">name → number, in the order to be written</param>
    public void Append(int step, IReadOnlyDictionary<string, double> metrics)
    {
        _log?.Append(step, metrics);
        _events?.Append(step, metrics);
    }

    public void Dispose()
    {
        _log?.Dispose();
        _events?.Dispose();
    }

    private static EventFile Events(string path, int firstStep, TimeProvider time)
    {
        try
        {
            return EventFile.Create(path, firstStep, time);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProximaException(
                ExitCode.Usage, $"logging_dir = {path} cannot be written: {exception.Message} Give another logging_dir, or report_to none.", exception);
        }
    }
}
