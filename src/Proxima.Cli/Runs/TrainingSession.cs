using Proxima.Core;
using Proxima.Core.Display;
using Proxima.Core.Runs;
using Proxima.Core.Settings;
using Proxima.Training.Checkpoints;
using Proxima.Training.Ranks;

namespace Proxima.Cli.Runs;

/// <summary>What begins and ends every training run: resuming, saving when it is stopped, going back to the best model.</summary>
internal sealed class TrainingSession(RunFolder folder, RunSettings run, CheckpointStore checkpoints, SharedWork work, StopSignals stop, IRunDisplay display)
{
    /// <summary>Takes over a checkpoint; those of later steps make room.</summary>
    /// <param name="checkpoint">the one that was asked for; null: none</param>
    /// <returns>its step; null when the run starts anew</returns>
    public int? Resume(string? checkpoint)
    {
        RequireSame(checkpoint);
        if (checkpoint is null)
        {
            // Only after the folder was looked through can one have come back that a stopped process had moved aside.
            return run.ResumeFromCheckpoint is null || folder.Checkpoints.Steps().Count == 0 ? null : throw new ProximaException(
                ExitCode.Usage, $"a checkpoint of {folder.FullPath} was just being replaced when the run was stopped; it is back now. Start the run again.");
        }

        int step = checkpoints.Load(checkpoint);
        display.Note($"going on from {checkpoint}, after step {step}");
        if (work.Leads)
        {
            folder.Checkpoints.SetAsideAfter(step, display.Note);
        }

        return step;
    }

    /// <summary>Trains until the last checkpoint is on the disk; when the run is stopped, the state of the last boundary is saved first.</summary>
    public void Train(Action train)
    {
        try
        {
            train();
            checkpoints.FinishWriting();
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

    /// <summary>Ranks on several hosts see the same folders only where these are shared.</summary>
    private void RequireSame(string? checkpoint)
    {
        string leading = work.Lead("the checkpoint to go on from", checkpoint ?? "");
        if (leading != (checkpoint ?? ""))
        {
            throw new ProximaException(
                ExitCode.Usage,
                $"resume_from_checkpoint = {run.ResumeFromCheckpoint}: rank 0 goes on from {(leading.Length > 0 ? leading : "nothing")}, rank {work.Ranks.Rank} finds "
                + $"{checkpoint ?? "nothing"} in {folder.FullPath}. Put output_dir on a file system that all hosts share.");
        }
    }

    /// <summary>A signal, the limit of time, or a source of rewards that has gone: nothing is wrong with the state of the last boundary.</summary>
    private bool IsStop(Exception exception) =>
        exception is ProximaException { ExitCode: ExitCode.RewardSource }
        || (exception is OperationCanceledException && stop.Token.IsCancellationRequested);
}
