using Proxima.Training.Optimization;

namespace Proxima.Training.Checkpoints;

/// <summary>Every part of a run that changes from step to step, in one place: what is here is saved, and nothing else has state.</summary>
public sealed class TrainingState(
    long seed,
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

    /// <summary>The state after a step.</summary>
    public TrainerState Capture(int step) => new()
    {
        Step = step,
        Seed = seed,
        Data = prompts.State,
        Actor = new OptimizerState(actor.Steps, actor.SkipsInARow),
        Critic = new OptimizerState(critic.Steps, critic.SkipsInARow),
        ScoreStatistics = scoreShaper.Statistics,
        KlCoefficient = klController.Coefficient,
        Best = Best,
        Metrics = metrics.Entries,
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
        metrics.Entries = state.Metrics;
    }
}
