using Proxima.Core.Metrics;
using Proxima.Core.Settings;
using Proxima.Models;
using Proxima.Numerics;
using Proxima.Training.Optimization;
using Proxima.Training.Stages;
using static TorchSharp.torch;

namespace Proxima.Training.Preferences;

/// <summary>A step of reward-model training: the mean Bradley–Terry loss over all pairs of the step, and the centring term.</summary>
/// <param name="model">the model that learns</param>
/// <param name="optimizer">of the model</param>
/// <param name="settings">margin and centring</param>
/// <param name="microBatchSize">lines of one forward</param>
public sealed class RewardUpdater(ScoreModel model, ModelOptimizer optimizer, RewardModelSettings settings, int microBatchSize)
    : IStageUpdater<RankedResponses>
{
    public OptimizerStep Update(IReadOnlyList<RankedResponses> examples, MetricAccumulator metrics)
    {
        double pairs = examples.Sum(line => (double)line.Pairs.Count);
        (double loss, double right, double margin) = (0, 0, 0);
        foreach (RankedResponses[] microBatch in examples.Chunk(microBatchSize))
        {
            using var scope = NewDisposeScope();
            using var batch = new PreferenceBatch(microBatch);
            var scores = ResponseScores.Of(model, batch); // [B]
            var better = scores.index_select(0, batch.Better); // [N]
            var worse = scores.index_select(0, batch.Worse); // [N]
            var losses = PreferenceObjective.Losses(better, worse, settings.RewardMargin ? batch.Differences : null);
            if (settings.RewardCenterCoeff != 0)
            {
                losses += PreferenceObjective.Centring(better, worse) * settings.RewardCenterCoeff;
            }

            var share = losses.sum() / pairs;
            share.backward();
            optimizer.EndMicroBatch();
            loss += share.item<float>();
            right += (better > worse).sum().item<long>();
            margin += (better - worse).sum().item<float>();
        }

        OptimizerStep taken = optimizer.Step(loss);
        metrics.Add(MetricNames.RewardLoss, loss);
        metrics.Add(MetricNames.RewardAccuracy, right / pairs);
        metrics.Add(MetricNames.RewardMarginMean, margin / pairs);
        metrics.Add(MetricNames.RewardGradNorm, taken.GradientNorm);
        metrics.Add(MetricNames.RewardLr, taken.Rate);
        metrics.Add(MetricNames.RewardSkippedSteps, taken.Skipped is null ? 0 : 1);
        return taken;
    }
}
