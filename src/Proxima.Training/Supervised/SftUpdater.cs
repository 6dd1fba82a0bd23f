using Proxima.Core.Metrics;
using Proxima.Data.Examples;
using Proxima.Models;
using Proxima.Training.Optimization;
using Proxima.Training.Stages;

namespace Proxima.Training.Supervised;

/// <summary>A step of supervised fine-tuning: the mean cross-entropy over all target tokens of the step.</summary>
/// <param name="model">the model that learns</param>
/// <param name="optimizer">of the model</param>
/// <param name="microBatchSize">examples of one forward</param>
public sealed class SftUpdater(CausalLanguageModel model, ModelOptimizer optimizer, int microBatchSize) : IStageUpdater<EncodedExample>
{
    public OptimizerStep Update(IReadOnlyList<EncodedExample> examples, MetricAccumulator metrics)
    {
        double weight = 1.0 / examples.Sum(SupervisedBatch.TargetCount);
        double loss = 0;
        foreach (EncodedExample[] microBatch in examples.Chunk(microBatchSize))
        {
            using var batch = new SupervisedBatch(microBatch);
            loss += SupervisedLoss.Backward(model, batch, weight);
            optimizer.EndMicroBatch();
        }

        OptimizerStep taken = optimizer.Step(loss);
        metrics.Add(MetricNames.SftLoss, loss);
        metrics.Add(MetricNames.SftGradNorm, taken.GradientNorm);
        metrics.Add(MetricNames.SftLr, taken.Rate);
        metrics.Add(MetricNames.SftSkippedSteps, taken.Skipped is null ? 0 : 1);
        return taken;
    }
}
