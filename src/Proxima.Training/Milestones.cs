using System.Diagnostics;
using Proxima.Core;
using Proxima.Core.Display;
using Proxima.Core.Settings;
using Proxima.Training.Checkpoints;
using Proxima.Training.Ranks;

namespace Proxima.Training;

/// <summary>
/// Step 5 of the loop: report, evaluate and save when each is due, and end early when evaluations no longer get better. Marks the
/// boundaries between steps, at which a run can be stopped and go on.
/// </summary>
public sealed class Milestones(
    StepCalendar calendar,
    StepLog log,
    Evaluation? evaluation,
    CheckpointStore checkpoints,
    TrainingState state,
    RunSettings run,
    IRunDisplay display,
    SharedWork work)
{
    /// <summary>What comes before the first step of this process: the first evaluation, or one that a stop left out.</summary>
    /// <param name="lastStep">last step already taken, or 0</param>
    /// <returns>whether the run goes on</returns>
    /// <exception cref="OperationCanceledException">a stop was asked for</exception>
    public bool Begin(int lastStep)
    {
        state.EvaluationDue &= lastStep > 0 || (run.EvalAtStart && run.EvaluationStrategy != IntervalStrategy.No);
        if (EvaluateIfDue(lastStep))
        {
            checkpoints.Renew(lastStep);
        }

        return GoesOn(lastStep);
    }

    /// <summary>What comes after a step.</summary>
    /// <returns>whether the run goes on</returns>
    /// <exception cref="OperationCanceledException">a stop was asked for</exception>
    public bool After(int step)
    {
        checkpoints.ThrowIfFailed();
        log.ReportIfDue(step);
        state.EvaluationDue = calendar.Evaluates(step);
        EvaluateIfDue(step);
        bool goesOn = GoesOn(step);
        if (calendar.Saves(step) || (!goesOn && run.SaveStrategy != IntervalStrategy.No))
        {
            Save(step);
        }

        work.ThrowIfStopping();
        return goesOn;
    }

    private bool GoesOn(int step)
    {
        bool isOver = state.Best.EvaluationsSince >= run.EarlyStoppingPatience;
        if (isOver)
        {
            display.Note($"step {step}: {run.MetricForBestModel} has not been better for {state.Best.EvaluationsSince} evaluations; the run ends (early_stopping_patience).");
        }

        return !isOver;
    }

    /// <returns>whether there was an evaluation</returns>
    private bool EvaluateIfDue(int step)
    {
        state.EvaluationDue &= evaluation is not null;
        state.MarkBoundary(step);
        if (!state.EvaluationDue)
        {
            return false;
        }

        Evaluate(step);
        state.MarkBoundary(step);
        return true;
    }

    private void Evaluate(int step)
    {
        IReadOnlyDictionary<string, double> metrics = Measure(step);
        state.EvaluationDue = false;
        if (metrics.TryGetValue(run.MetricForBestModel, out double metric))
        {
            state.Best = state.Best.After(step, run.MetricForBestModel, metric);
        }

        if (run.LoadBestModelAtEnd && state.Best.Step == step)
        {
            Save(step);
        }
    }

    /// <summary>One that is no better than any where a number of it is not finite: a run must be able to go on behind such an evaluation.</summary>
    private IReadOnlyDictionary<string, double> Measure(int step)
    {
        try
        {
            return evaluation!.Run(step);
        }
        catch (NonFiniteException fault)
        {
            display.Note($"step {step}: no evaluation, {fault.Message}");
            return new Dictionary<string, double> { [run.MetricForBestModel] = double.NaN };
        }
    }

    /// <summary>Saves once. The line of it is written just before the checkpoint appears: a run that goes on from there finds it.</summary>
    private void Save(int step)
    {
        if (checkpoints.Has(step))
        {
            return;
        }

        display.Phase(step, RunPhase.Save);
        long started = Stopwatch.GetTimestamp();
        checkpoints.Save(step, () => log.ReportSave(step, Stopwatch.GetElapsedTime(started).TotalSeconds));
    }
}
