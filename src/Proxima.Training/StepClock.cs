using System.Diagnostics;
using Proxima.Core.Display;

namespace Proxima.Training;

/// <summary>Seconds of each phase of one step.</summary>
internal sealed class StepClock(int step, IRunDisplay display) : IDisposable
{
    private readonly Dictionary<RunPhase, double> _seconds = [];
    private RunPhase? _phase;
    private long _started;

    /// <summary>Ends the phase before and begins another.</summary>
    public void Begin(RunPhase phase)
    {
        Stop();
        display.Phase(step, phase);
        _phase = phase;
        _started = Stopwatch.GetTimestamp();
    }

    /// <summary>Ends the phase that is on.</summary>
    /// <returns>seconds of each phase so far</returns>
    public IReadOnlyDictionary<RunPhase, double> Stop()
    {
        if (_phase is RunPhase phase)
        {
            _seconds[phase] = Stopwatch.GetElapsedTime(_started).TotalSeconds;
            _phase = null;
        }

        return _seconds;
    }

    public void Dispose() => Stop();
}
