using Proxima.Core;
using Proxima.Core.Display;
using Proxima.Core.Runs;
using Proxima.Core.Settings;
using Proxima.Training.Checkpoints;

namespace Proxima.Cli.Runs;

/// <summary>What begins and ends every training run: resuming, saving when it is stopped, going back to the best model.</summary>
internal sealed class TrainingSession(RunFolder folder, RunSettings run, CheckpointStore checkpoints, StopSignals stop, IRunDisplay display)
{
    /// <summary>Takes over a checkpoint; those of later steps make room.</summary>
    /// <param name="checkpoint">the one that was asked for; null: none</param>
    /// <returns>its step; null when the run starts anew</returns>
    public int? Resume(string? checkpoint)
    {
        if (checkpoint is null)
        {
            return null;
        }

        int step = checkpoints.Load(checkpoint);
        display.Note($"going on from {checkpoint}, after step {step}");
        folder.Checkpoints.SetAsideAfter(step, display.Note);
        return step;
    }

    /// <summary>Trains; when the run is stopped, the state of the last boundary is saved first.</summary>
    public void Train(Action train)
    {
        try
        {
            train();
        }
        catch (Exception exception) when (IsStop(exception))
        {
            string limit = stop.Token.IsCancellationRequested && stop.Received == ExitCode.Done ? "stop_after_minutes has passed: " : "";
            display.Note($"{limit}saved {checkpoints.SaveBoundary()}; go on with --resume_from_checkpoint auto");
            throw;
        }
    }

    /// <summary>Goes back to the weights of the best evaluation when that was asked for.</summary>
    public void LoadBest(BestModel best)
    {
        if (run.LoadBestModelAtEnd && best.Step is int step)
        {
            checkpoints.GoBackTo(step);
            display.Note($"the best {run.MetricForBestModel}, {best.Metric:0.0000}, was at step {step}; its weights are the run's result");
        }
    }

    /// <summary>A signal, the limit of time, or a source of rewards that has gone: nothing is wrong with the state of the last boundary.</summary>
    private bool IsStop(Exception exception) =>
        exception is ProximaException { ExitCode: ExitCode.RewardSource }
        || (exception is OperationCanceledException && stop.Token.IsCancellationRequested);
}
