using Proxima.Core.Settings;

namespace Proxima.Core.Stages;

/// <summary>The batch arithmetic of a stage before PPO; a step is one optimizer step.</summary>
/// <param name="ExamplesPerStep">examples of a step: those of a micro-batch times micro-batches times ranks</param>
/// <param name="StepsPerEpoch">steps of one pass over the training data</param>
/// <param name="TotalSteps">steps of the run</param>
public sealed record StagePlan(int ExamplesPerStep, int StepsPerEpoch, int TotalSteps)
{
    /// <summary>More in one step are a mistake.</summary>
    public const int MaxExamplesPerStep = 1 << 20;

    /// <summary>Lays out a run.</summary>
    /// <param name="settings">validated settings</param>
    /// <param name="examples">training examples, at least 1</param>
    /// <param name="ranks">ranks that have micro-batches of their own</param>
    /// <exception cref="ProximaException">there would be too many steps</exception>
    public static StagePlan Create(IStageSettings settings, long examples, int ranks = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(examples, 1);
        int perStep = checked(settings.Batch.PerDeviceTrainBatchSize * settings.Batch.GradientAccumulationSteps * ranks);
        int perEpoch = checked((int)((examples + perStep - 1) / perStep));
        return new StagePlan(
            perStep, perEpoch, settings.Run.MaxSteps > 0 ? settings.Run.MaxSteps : settings.Run.StepsOfEpochs(perEpoch));
    }
}
