using Proxima.Core.Settings;
using Proxima.Training.Optimization;

namespace Proxima.Training.Checkpoints;

/// <summary>Every part of a run that changes from step to step, in one place: what is here is saved, and nothing else has state.</summary>
public sealed class TrainingState(
    long seed,
    ComputeKernel computeKernel,
    PromptFeed prompts,
    ModelOptimizer actor,
    ModelOptimizer critic,
    ScoreShaper scoreShaper,
    KlController klController,
    MetricAccumulator metrics)
{
    /// <summary>Actor's and critic's optimizers: weights, moments, counters.</summary>
    public IReadOnlyList<ModelOptimizer> Optimizers { get; } = [actor, critic];

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
        ComputeKernel = computeKernel,
        Data = prompts.State,
        Actor = new OptimizerState(actor.Steps, actor.SkipsInARow),
        Critic = new OptimizerState(critic.Steps, critic.SkipsInARow),
        ScoreStatistics = scoreShaper.Statistics,
        KlCoefficient = klController.Coefficient,
        Best = Best,
        EvaluationDue = EvaluationDue,
        Metrics = new Dictionary<string, MetricAccumulator.Entry>(metrics.Entries),
    };

    /// <summary>Goes back to a state that <see cref="Capture"/> gave.</summary>
    public void Restore(TrainerState state)
    {
        prompts.Restore(state.Data);
        (actor.Steps, actor.SkipsInARow) = (state.Actor.Steps, state.Actor.SkipsInARow);
        (critic.Steps, critic.SkipsInARow) = (state.Critic.Steps, state.Critic.SkipsInARow);
        scoreShaper.Statistics = state.ScoreStatistics;
        klController.Coefficient = state.KlCoefficient;
        Best = state.Best;
        EvaluationDue = state.EvaluationDue;
        metrics.Entries = state.Metrics;
    }
}
