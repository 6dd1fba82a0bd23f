using Proxima.Core.Display;

namespace Proxima.Dashboard.Terminal;

/// <summary>What is known of a run that goes on: the numbers behind the live table and the plain lines.</summary>
public sealed class RunProgress(TimeProvider time)
{
    private const int RowsKept = 10;
    private const int StepsInEstimate = 20;

    private readonly Queue<ProgressRow> _rows = new();
    private readonly Queue<TimeSpan> _stepTimes = new();
    private long _stepStarted = time.GetTimestamp();
    private long _phaseStarted = time.GetTimestamp();

    public int Step { get; private set; }

    public int FirstStep { get; private set; }

    public int LastStep { get; private set; }

    public RunPhase? Phase { get; private set; }

    /// <summary>Time in the phase that is on.</summary>
    public TimeSpan PhaseTime => time.GetElapsedTime(_phaseStarted);

    /// <summary>The newest steps and evaluations, oldest first.</summary>
    public IReadOnlyCollection<ProgressRow> Rows => _rows;

    /// <summary>Time to the end at the pace of the last steps, evaluations included; null before the first step ends.</summary>
    public TimeSpan? Remaining => _stepTimes.Count == 0
        ? null
        : TimeSpan.FromSeconds(_stepTimes.Average(t => t.TotalSeconds) * (LastStep - Step + 1)) - time.GetElapsedTime(_stepStarted);

    public void Begin(int firstStep, int lastStep)
    {
        (FirstStep, LastStep, Step) = (firstStep, lastStep, firstStep);
        _stepStarted = time.GetTimestamp();
    }

    public void Enter(int step, RunPhase phase)
    {
        if (step > Step)
        {
            _stepTimes.Enqueue(time.GetElapsedTime(_stepStarted));
            if (_stepTimes.Count > StepsInEstimate)
            {
                _stepTimes.Dequeue();
            }

            _stepStarted = time.GetTimestamp();
            Step = step;
        }

        Phase = phase;
        _phaseStarted = time.GetTimestamp();
    }

    public void Add(ProgressRow row)
    {
        _rows.Enqueue(row);
        if (_rows.Count > RowsKept)
        {
            _rows.Dequeue();
        }
    }
}
