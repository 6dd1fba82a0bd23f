using Proxima.Core.Display;
using Proxima.Core.Metrics;
using Proxima.Distributed;
using Proxima.Models.Native;

namespace Proxima.Training;

/// <summary>The metrics of the steps since the last log line, and when and where they are written.</summary>
public sealed class StepLog(MetricAccumulator metrics, StepCalendar calendar, RunMetrics log, IRunDisplay display)
{
    private static readonly (string Collective, string Metric)[] Sent =
    [
        ("all-reduce", MetricNames.CommunicationAllReduceGb),
        ("reduce-scatter", MetricNames.CommunicationReduceScatterGb),
        ("all-gather", MetricNames.CommunicationAllGatherGb),
        ("exchange", MetricNames.CommunicationExchangeGb),
    ];

    private Dictionary<string, long> _sentBefore = [];

    /// <summary>What has come since the last log line.</summary>
    public MetricAccumulator Metrics => metrics;

    /// <summary>Ends a step for the memory of the process: gives free pages back when it is time, and takes in what is left.</summary>
    public void AddMemory(int step)
    {
        NativeHeap.AfterStep(step);
        (double resident, double peak) = ProcessMemory.Gigabytes();
        metrics.Add(MetricNames.MemoryResidentGb, resident);
        metrics.Add(MetricNames.MemoryPeakGb, peak);
    }

    /// <summary>Begins to count what this rank sends in a step; what it sent before, at the start and between steps, is not of the step.</summary>
    public void BeginTraffic(ICommunicator ranks) => _sentBefore = new Dictionary<string, long>(ranks.Traffic.Bytes);

    /// <summary>Takes in what this rank has sent since the beginning of the step; one alone sends nothing.</summary>
    public void AddTraffic(ICommunicator ranks)
    {
        if (ranks.Size == 1)
        {
            return;
        }

        foreach ((string collective, string metric) in Sent)
        {
            metrics.Add(metric, (ranks.Traffic.Bytes.GetValueOrDefault(collective) - _sentBefore.GetValueOrDefault(collective)) / 1e9);
        }
    }

    /// <summary>Writes the metrics when this step ends a logging interval.</summary>
    public void ReportIfDue(int step)
    {
        if (calendar.Logs(step))
        {
            IReadOnlyDictionary<string, double> flushed = metrics.Flush();
            log.Append(step, flushed);
            display.Step(step, flushed);
        }
    }

    /// <summary>Writes how long the checkpoint after a step took, in a line of its own: it is saved after the step's line is written.</summary>
    public void ReportSave(int step, double seconds) =>
        log.Append(step, new Dictionary<string, double> { [MetricNames.TimeSaveS] = seconds });
}
