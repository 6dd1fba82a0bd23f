using Proxima.Core.Settings;

namespace Proxima.Training;

/// <summary>Which steps evaluate, log and save.</summary>
/// <param name="run">strategies and intervals</param>
/// <param name="lastStep">the run's last step</param>
/// <param name="stepsPerEpoch">steps of one pass over the training prompts</param>
public sealed class StepCalendar(RunSettings run, int lastStep, int stepsPerEpoch)
{
    public bool Evaluates(int step) => IsDue(run.EvaluationStrategy, run.EvalSteps, step);

    /// <summary>The last step is always saved, unless nothing is.</summary>
    public bool Saves(int step) =>
        IsDue(run.SaveStrategy, run.SaveSteps, step) || (step == lastStep && run.SaveStrategy != IntervalStrategy.No);

    public bool Logs(int step) => step % run.LoggingSteps == 0 || step == lastStep;

    private bool IsDue(IntervalStrategy strategy, int interval, int step) => strategy switch
    {
        IntervalStrategy.Steps => step % interval == 0,
        IntervalStrategy.Epoch => step % stepsPerEpoch == 0,
        _ => false,
    };
}
