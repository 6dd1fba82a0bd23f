using Proxima.Core.Display;

namespace Proxima.Dashboard.Terminal;

/// <summary>What is known of a run that goes on: the numbers behind the live table and the plain lines.</summary>
public sealed class RunProgress(TimeProvider time)
{
    private const int RowsKept = 10;
    private const int StepsDrawn = 40;
    private const int StepsInEstimate = 20;

    private readonly Queue<ProgressRow> _rows = new();
    private readonly Queue<ProgressRow> _steps = new();
    private readonly Queue<IReadOnlyDictionary<RunPhase, double>> _stepTimes = new();
    private readonly Dictionary<RunPhase, MilestoneTime> _milestones = new() { [RunPhase.Evaluate] = new(), [RunPhase.Save] = new() };
    private readonly HashSet<string> _notes = [];
    private Dictionary<RunPhase, double> _ofStep = [];
    private long _phaseStarted = time.GetTimestamp();

    public int Step { get; private set; }

    public int FirstStep { get; private set; }

    public int LastStep { get; private set; }

    public RunPhase? Phase { get; private set; }

    /// <summary>Time in the phase that is on.</summary>
    public TimeSpan PhaseTime => time.GetElapsedTime(_phaseStarted);

    /// <summary>The newest steps and evaluations, oldest first.</summary>
    public IReadOnlyCollection<ProgressRow> Rows => _rows;

    /// <summary>More of the newest steps, oldest first, for curves.</summary>
    public IReadOnlyCollection<ProgressRow> Steps => _steps;

    /// <summary>Mean seconds of each phase in the last steps; empty before the first step ends.</summary>
    public IReadOnlyList<(RunPhase Phase, double Seconds)> PhaseSeconds =>
    [
        .. _stepTimes.SelectMany(step => step.Keys).Distinct().Order()
            .Select(phase => (phase, _stepTimes.Average(step => step.GetValueOrDefault(phase)))),
    ];

    /// <summary>
    /// Time to the end; null before the first step ends. The steps that are left take as long as the last ones did. Evaluations and checkpoints come
    /// at their own intervals: what they took so far is spread over the steps up to the last of them.
    /// </summary>
    public TimeSpan? Remaining
    {
        get
        {
            if (_stepTimes.Count == 0)
            {
                return null;
            }

            double step = _stepTimes.Average(times => times.Values.Sum());
            bool isMilestone = Phase is { } phase && _milestones.ContainsKey(phase);
            double begun = _ofStep.Values.Sum() + (isMilestone ? 0 : PhaseTime.TotalSeconds);
            double ofSteps = (step * (LastStep - Step)) + (isMilestone ? 0 : step - begun);
            double ofMilestones = _milestones.Values.Sum(milestone => milestone.Left(FirstStep, LastStep));
            return TimeSpan.FromSeconds(ofSteps + ofMilestones - (isMilestone ? PhaseTime.TotalSeconds : 0));
        }
    }

    /// <summary>Whether a note has not been shown yet.</summary>
    public bool IsNew(string note) => _notes.Add(note);

    public void Begin(int firstStep, int lastStep)
    {
        (FirstStep, LastStep, Step) = (firstStep, lastStep, firstStep);
        _phaseStarted = time.GetTimestamp();
    }

    public void Enter(int step, RunPhase phase)
    {
        EndPhase();
        if (step > Step)
        {
            _stepTimes.Enqueue(_ofStep);
            Trim(_stepTimes, StepsInEstimate);
            _ofStep = [];
            Step = step;
        }

        Phase = phase;
        _phaseStarted = time.GetTimestamp();
    }

    public void Add(ProgressRow row)
    {
        _rows.Enqueue(row);
        Trim(_rows, RowsKept);
        if (!row.IsEvaluation)
        {
            _steps.Enqueue(row);
            Trim(_steps, StepsDrawn);
        }
    }

    /// <summary>Takes in the time of the phase that ends; that of an evaluation before the first step tells nothing of those to come.</summary>
    private void EndPhase()
    {
        if (Phase is not { } phase)
        {
            return;
        }

        double seconds = PhaseTime.TotalSeconds;
        if (!_milestones.TryGetValue(phase, out MilestoneTime? milestone))
        {
            _ofStep[phase] = _ofStep.GetValueOrDefault(phase) + seconds;
        }
        else if (_ofStep.Count > 0)
        {
            milestone.Add(Step, seconds);
        }
    }

    private static void Trim<T>(Queue<T> queue, int kept)
    {
        if (queue.Count > kept)
        {
            queue.Dequeue();
        }
    }
}
