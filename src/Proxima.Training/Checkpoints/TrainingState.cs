using Proxima.Data.Tasks;
using Proxima.Training.Optimization;

namespace Proxima.Training.Checkpoints;

/// <summary>Every part of a run that changes from step to step, in one place: what is here is saved, and nothing else has state.</summary>
/// <param name="seed">seed of the run</param>
/// <param name="data">where the training data stand</param>
/// <param name="optimizers">one for each model that learns: weights, moments, counters</param>
/// <param name="metrics">metrics since the last log line</param>
/// <param name="precision">number types, which a resumed run keeps</param>
/// <param name="ppo">what only PPO has; null in the other stages</param>
public sealed class TrainingState(
    long seed,
    TaskMixer data,
    IReadOnlyList<ModelOptimizer> optimizers,
    MetricAccumulator metrics,
    TrainingPrecision precision,
    PpoState? ppo = null)
{
    /// <summary>Weights, moments and counters of each model that learns.</summary>
    public IReadOnlyList<ModelOptimizer> Optimizers => optimizers;

    /// <summary>The best evaluation so far.</summary>
    public BestModel Best { get; set; } = BestModel.None;

    /// <summary>Whether an evaluation belongs to the last boundary and was not made yet; the first one comes before the first step.</summary>
    public bool EvaluationDue { get; set; } = true;

    /// <summary>The state at the last boundary between two steps: what a stop saves.</summary>
    public TrainerState? Boundary { get; private set; }

    /// <summary>Takes the present state, that after a step, as the boundary.</summary>
    public void MarkBoundary(int step) => Boundary = Capture(step);

    /// <summary>The state after a step.</summary>
    public TrainerState Capture(int step) => new()
    {
        Step = step,
        Seed = seed,
        ComputeKernel = ppo?.Kernel,
        Data = data.State,
        Ptx = ppo?.Dialogues?.State,
        Optimizers = optimizers.ToDictionary(o => o.ModelName, o => new OptimizerState(o.Steps, o.SkipsInARow, o.LossScale?.State)),
        ScoreStatistics = ppo?.Scores.Statistics,
        KlCoefficient = ppo?.Kl.Coefficient,
        Best = Best,
        Bf16Products = precision.Bf16Products,
        EvaluationDue = EvaluationDue,
        Metrics = new Dictionary<string, MetricAccumulator.Entry>(metrics.Entries),
    };

    /// <summary>Goes back to a state that <see cref="Capture"/> gave, of a run with the same models.</summary>
    public void Restore(TrainerState state)
    {
        data.Restore(state.Data);
        foreach (ModelOptimizer optimizer in optimizers)
        {
            OptimizerState counters = state.Optimizers[optimizer.ModelName];
            (optimizer.Steps, optimizer.SkipsInARow) = (counters.Steps, counters.SkipsInARow);
            if (optimizer.LossScale is { } scale && counters.LossScale is { } saved)
            {
                scale.State = saved;
            }
        }

        ppo?.Restore(state);
        Best = state.Best;
        EvaluationDue = state.EvaluationDue;
        metrics.Entries = state.Metrics;
    }
}
