using Proxima.Training.Optimization;

namespace Proxima.Training.Stages;

/// <summary>One optimizer step of a stage before PPO.</summary>
/// <typeparam name="T">its examples</typeparam>
public interface IStageUpdater<T>
{
    /// <summary>Improves the model on one batch.</summary>
    /// <param name="examples">all micro-batches of the step</param>
    /// <param name="metrics">receives loss, gradient norm, rate and what else there is</param>
    /// <returns>what the step did</returns>
    /// <exception cref="Core.ProximaException">three steps in a row were not finite</exception>
    public OptimizerStep Update(IReadOnlyList<T> examples, MetricAccumulator metrics);
}
