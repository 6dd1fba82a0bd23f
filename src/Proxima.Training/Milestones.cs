using Proxima.Core.Display;
using Proxima.Core.Settings;
using Proxima.Training.Checkpoints;

namespace Proxima.Training;

/// <summary>Step 5 of the loop: report, evaluate and save when each is due, and end early when evaluations no longer get better.</summary>
public sealed class Milestones(
    StepCalendar calendar,
    StepReporter reporter,
    Evaluation? evaluation,
    CheckpointStore checkpoints,
    TrainingState state,
    RunSettings run,
    IRunDisplay display)
{
    /// <summary>What comes before the first step.</summary>
    public void BeforeFirstStep()
    {
        if (run.EvalAtStart && evaluation is not null && run.EvaluationStrategy != IntervalStrategy.No)
        {
            Evaluate(0);
        }
    }

    /// <summary>What comes after a step.</summary>
    /// <returns>whether the run goes on</returns>
    public bool After(int step)
    {
        reporter.ReportIfDue(step);
        if (evaluation is not null && calendar.Evaluates(step))
        {
            Evaluate(step);
        }

        bool isOver = state.Best.EvaluationsSince >= run.EarlyStoppingPatience;
        if (calendar.Saves(step) || (isOver && run.SaveStrategy != IntervalStrategy.No))
        {
            display.Phase(step, RunPhase.Save);
            checkpoints.Save(step);
        }

        if (isOver)
        {
            display.Note($"step {step}: {run.MetricForBestModel} has not been better for {state.Best.EvaluationsSince} evaluations; the run ends (early_stopping_patience).");
        }

        return !isOver;
    }

    private void Evaluate(int step)
    {
        IReadOnlyDictionary<string, double> metrics = evaluation!.Run(step);
        if (metrics.TryGetValue(run.MetricForBestModel, out double metric))
        {
            state.Best = state.Best.After(step, metric);
        }

        if (run.LoadBestModelAtEnd && state.Best.Step == step)
        {
            checkpoints.Save(step);
        }
    }
}
