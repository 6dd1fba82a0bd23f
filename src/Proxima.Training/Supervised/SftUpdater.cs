using Proxima.Core.Metrics;
using Proxima.Data.Examples;
using Proxima.Models;
using Proxima.Training.Optimization;
using Proxima.Training.Ranks;
using Proxima.Training.Stages;

namespace Proxima.Training.Supervised;

/// <summary>A step of supervised fine-tuning: the mean cross-entropy over all target tokens of the step.</summary>
/// <param name="model">the model that learns</param>
/// <param name="optimizer">of the model</param>
/// <param name="microBatchSize">examples of one forward</param>
/// <param name="work">divides the micro-batches among the ranks; null: there is one</param>
public sealed class SftUpdater(CausalLanguageModel model, ModelOptimizer optimizer, int microBatchSize, SharedWork? work = null) : IStageUpdater<EncodedExample>
{
    private readonly SharedWork _work = work ?? SharedWork.Alone();

    public OptimizerStep Update(IReadOnlyList<EncodedExample> examples, MetricAccumulator metrics)
    {
        double weight = 1.0 / examples.Sum(SupervisedBatch.TargetCount);
        EncodedExample[][] microBatches = [.. examples.Chunk(microBatchSize)];
        double loss = 0;
        foreach (int i in _work.Share([.. microBatches.Select(rows => rows.Length * rows.Max(row => row.Ids.Length))]))
        {
            using var batch = new SupervisedBatch(microBatches[i]);
            loss += SupervisedLoss.Backward(model, batch, weight);
            optimizer.EndMicroBatch();
        }

        loss = _work.Sum("losses", loss)[0];
        OptimizerStep taken = optimizer.Step(loss);
        metrics.Add(MetricNames.SftLoss, loss);
        metrics.Add(MetricNames.SftGradNorm, taken.GradientNorm);
        metrics.Add(MetricNames.SftLr, taken.Rate);
        metrics.Add(MetricNames.SftSkippedSteps, taken.Skipped is null ? 0 : 1);
        return taken;
    }
}
