using Proxima.Core.Metrics;
using Proxima.Core.Settings;
using Proxima.Models;
using Proxima.Numerics;
using Proxima.Training.Optimization;
using Proxima.Training.Ranks;
using Proxima.Training.Stages;
using static TorchSharp.torch;

namespace Proxima.Training.Preferences;

/// <summary>A step of reward-model training: the mean Bradley–Terry loss over all pairs of the step, and the centring term.</summary>
/// <param name="model">the model that learns</param>
/// <param name="optimizer">of the model</param>
/// <param name="settings">margin and centring</param>
/// <param name="microBatchSize">lines of one forward</param>
/// <param name="work">divides the micro-batches among the ranks; null: there is one</param>
public sealed class RewardUpdater(ScoreModel model, ModelOptimizer optimizer, RewardModelSettings settings, int microBatchSize, SharedWork? work = null)
    : IStageUpdater<RankedResponses>
{
    private readonly SharedWork _work = work ?? SharedWork.Alone();

    public OptimizerStep Update(IReadOnlyList<RankedResponses> examples, MetricAccumulator metrics)
    {
        double pairs = examples.Sum(line => (double)line.Pairs.Count);
        RankedResponses[][] microBatches = [.. examples.Chunk(microBatchSize)];
        (double loss, double right, double margin) = (0, 0, 0);
        foreach (int i in _work.Share([.. microBatches.Select(RankedResponses.PaddedTokens)]))
        {
            using var scope = NewDisposeScope();
            using var batch = new PreferenceBatch(microBatches[i]);
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

        double[] sums = _work.Sum("losses", loss, right, margin);
        (loss, right, margin) = (sums[0], sums[1], sums[2]);
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
