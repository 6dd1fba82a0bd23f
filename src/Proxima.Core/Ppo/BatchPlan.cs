using Proxima.Core.Settings;

namespace Proxima.Core.Ppo;

/// <summary>The batch arithmetic of a run: how many of what a PPO step holds, and how many steps there are.</summary>
public sealed record BatchPlan
{
    /// <summary>Ranks of the run.</summary>
    public required int Ranks { get; init; }

    /// <summary>Prompts of a step over all ranks.</summary>
    public required int GlobalPrompts { get; init; }

    /// <summary>Sequences of a rollout on one rank.</summary>
    public required int SequencesPerRollout { get; init; }

    /// <summary>Sequences of a micro-batch.</summary>
    public required int SequencesPerMicroBatch { get; init; }

    /// <summary>Micro-batches of one pass over a rollout on one rank.</summary>
    public required int MicroBatchesPerPass { get; init; }

    /// <summary>Micro-batches of one optimizer step.</summary>
    public required int MicroBatchesPerOptimizerStep { get; init; }

    /// <summary>Optimizer steps of one pass over a rollout.</summary>
    public required int OptimizerStepsPerPass { get; init; }

    /// <summary>Passes over a rollout.</summary>
    public required int Passes { get; init; }

    /// <summary>PPO steps of one epoch: all training prompts once.</summary>
    public required int StepsPerEpoch { get; init; }

    /// <summary>PPO steps of the run.</summary>
    public required int TotalSteps { get; init; }

    /// <summary>Optimizer steps of one PPO step.</summary>
    public int OptimizerStepsPerStep => Passes * OptimizerStepsPerPass;

    /// <summary>Optimizer steps of the run: what warm-up ratios and decay are counted in.</summary>
    public long TotalOptimizerSteps => (long)TotalSteps * OptimizerStepsPerStep;

    /// <summary>Lays out a run.</summary>
    /// <param name="settings">validated settings</param>
    /// <param name="trainingPrompts">lines of the kept sources of the training task; at least 1</param>
    /// <param name="ranks">ranks that roll out prompts of their own</param>
    public static BatchPlan Create(PpoCommandSettings settings, long trainingPrompts, int ranks = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trainingPrompts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ranks, 1);
        BatchSettings batch = settings.Batch;
        int sequences = checked(batch.PerDevicePromptBatchSize * settings.Sampling.NumReturnSequences);
        int microBatches = sequences / batch.PerDeviceTrainBatchSize;
        int accumulation = batch.GradientAccumulationSteps == 0 ? microBatches : batch.GradientAccumulationSteps;
        int globalPrompts = checked(batch.PerDevicePromptBatchSize * ranks);
        int stepsPerEpoch = checked((int)((trainingPrompts + globalPrompts - 1) / globalPrompts));
        return new BatchPlan
        {
            Ranks = ranks,
            GlobalPrompts = globalPrompts,
            SequencesPerRollout = sequences,
            SequencesPerMicroBatch = batch.PerDeviceTrainBatchSize,
            MicroBatchesPerPass = microBatches,
            MicroBatchesPerOptimizerStep = accumulation,
            OptimizerStepsPerPass = microBatches / accumulation,
            Passes = settings.Ppo.UpdateIters,
            StepsPerEpoch = stepsPerEpoch,
            TotalSteps = settings.Run.MaxSteps > 0 ? settings.Run.MaxSteps : settings.Run.StepsOfEpochs(stepsPerEpoch),
        };
    }
}
