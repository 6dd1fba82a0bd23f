using Proxima.Core.Settings;
using Proxima.Data.Tasks;

namespace Proxima.Training.Checkpoints;

/// <summary>All training state that is no tensor: trainer_state.json of a checkpoint.</summary>
public sealed record TrainerState
{
    /// <summary>Last PPO step taken.</summary>
    public required int Step { get; init; }

    /// <summary>seed that the random streams are keyed with.</summary>
    public required long Seed { get; init; }

    /// <summary>Kernel of the fused engine; auto: the plain model generates.</summary>
    public required ComputeKernel ComputeKernel { get; init; }

    /// <summary>Where each data source stands.</summary>
    public required TaskMixerState Data { get; init; }

    public required OptimizerState Actor { get; init; }

    public required OptimizerState Critic { get; init; }

    /// <summary>Running statistics of the scores.</summary>
    public required RunningStatistics ScoreStatistics { get; init; }

    /// <summary>kl_coeff of the coming step.</summary>
    public required double KlCoefficient { get; init; }

    public required BestModel Best { get; init; }

    /// <summary>Whether the evaluation after this step is still to be made: a stop came before its end.</summary>
    public required bool EvaluationDue { get; init; }

    /// <summary>Metrics gathered since the last log line.</summary>
    public required IReadOnlyDictionary<string, MetricAccumulator.Entry> Metrics { get; init; }
}
