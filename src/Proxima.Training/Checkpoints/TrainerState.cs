using Proxima.Core.Settings;
using Proxima.Data.Tasks;
using static TorchSharp.torch;

namespace Proxima.Training.Checkpoints;

/// <summary>All training state that is no tensor: trainer_state.json of a checkpoint.</summary>
public sealed record TrainerState
{
    /// <summary>Last step taken.</summary>
    public required int Step { get; init; }

    /// <summary>seed that the random streams are keyed with.</summary>
    public required long Seed { get; init; }

    /// <summary>Kernel of the fused engine; auto: the plain model generates. Null outside PPO.</summary>
    public ComputeKernel? ComputeKernel { get; init; }

    /// <summary>Where each source of training data stands.</summary>
    public required TaskMixerState Data { get; init; }

    /// <summary>Where each source of the ptx task stands; null without one.</summary>
    public TaskMixerState? Ptx { get; init; }

    /// <summary>Counters of each optimizer, by the name of its model.</summary>
    public required IReadOnlyDictionary<string, OptimizerState> Optimizers { get; init; }

    /// <summary>Running statistics of the scores; null outside PPO.</summary>
    public RunningStatistics? ScoreStatistics { get; init; }

    /// <summary>kl_coeff of the coming step; null outside PPO.</summary>
    public double? KlCoefficient { get; init; }

    public required BestModel Best { get; init; }

    /// <summary>Type of the operands of matrix products in a bf16 run, which a resumed run keeps; null: the run is not bf16.</summary>
    public required ScalarType? Bf16Products { get; init; }

    /// <summary>Whether the evaluation after this step is still to be made: a stop came before its end.</summary>
    public required bool EvaluationDue { get; init; }

    /// <summary>Which file holds what of the optimizers; null: one file holds everything.</summary>
    public IReadOnlyList<OptimizerShard>? Shards { get; init; }

    /// <summary>Metrics gathered since the last log line.</summary>
    public required IReadOnlyDictionary<string, MetricAccumulator.Entry> Metrics { get; init; }
}
