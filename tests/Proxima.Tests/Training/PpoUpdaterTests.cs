using Proxima.Core;
using Proxima.Core.Metrics;
using Proxima.Core.Settings;
using Proxima.Generation;
using Proxima.Training;
using static TorchSharp.torch;

namespace Proxima.Tests.Training;

public sealed class PpoUpdaterTests
{
    private static readonly PpoSettings Plain = new() { NormalizeAdvantage = true, ClipRangeValue = 0.2 };

    [Theory]
    [InlineData(LossAggregation.Token, 8, 1)]
    [InlineData(LossAggregation.Token, 2, 4)]
    [InlineData(LossAggregation.Token, 1, 8)]
    public void One_big_batch_equals_many_micro_batches(LossAggregation aggregation, int size, int accumulation)
    {
        (double Actor, double Critic) whole = GradientNorms(aggregation, 4, 2);
        (double Actor, double Critic) parts = GradientNorms(aggregation, size, accumulation);
        Assert.Equal(whole.Actor, parts.Actor, 1e-4 * whole.Actor);
        Assert.Equal(whole.Critic, parts.Critic, 1e-4 * whole.Critic);
    }

    [Fact]
    public void The_mean_of_micro_batch_means_depends_on_the_micro_batches()
    {
        (double Actor, double Critic) whole = GradientNorms(LossAggregation.MicroBatch, 8, 1);
        (double Actor, double Critic) parts = GradientNorms(LossAggregation.MicroBatch, 1, 8);
        Assert.NotEqual(whole.Actor, parts.Actor, 1e-3 * whole.Actor);
        Assert.Equal(GradientNorms(LossAggregation.Token, 8, 1).Actor, whole.Actor, 1e-4 * whole.Actor);
    }

    [Fact]
    public void The_first_update_starts_at_ratio_one()
    {
        IReadOnlyDictionary<string, double> metrics = Update(Plain);
        Assert.Equal(1, metrics[MetricNames.PolicyRatioMax], 1e-3);
        Assert.Equal(0, metrics[MetricNames.PolicyApproxKl], 1e-6);
        Assert.Equal(0, metrics[MetricNames.PolicyClipFraction]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_first_update_starts_at_ratio_one_with_the_log_probs_of_either_engine(bool isFused)
    {
        using var scope = NewDisposeScope();
        using var models = new StoriesModels(Plain with { RecomputeOldLogProbs = false }, StoriesModels.ShortResponses);
        using GenerationEngines engines = isFused
            ? GenerationEngines.Fused(models.Actor, threads: 2, ComputeKernel.Auto, ComputePrecision.Fp32)
            : GenerationEngines.Plain(models.Actor);
        using Experience experience = models.Builder.Build(models.Roll(engines), 0.1);
        var metrics = new MetricAccumulator();

        Assert.Empty(models.Updater.Update(experience, 1, metrics));

        Assert.InRange(metrics.Flush()[MetricNames.PolicyRatioMax], 1 - 1e-4, 1 + 1e-3);
    }

    [Fact]
    public void A_policy_that_is_not_the_one_that_answered_fails_the_self_check()
    {
        using var scope = NewDisposeScope();
        using var models = new StoriesModels(Plain, StoriesModels.ShortResponses);
        using Experience experience = models.Builder.Build(models.Roll(), 0.1);
        using (no_grad())
        {
            models.ActorOptimizer.Parameters.Values.mul_(1.05);
        }

        ProximaException exception = Assert.Throws<ProximaException>(() => models.Updater.Update(experience, 1, new MetricAccumulator()));
        Assert.Equal(ExitCode.Numerical, exception.ExitCode);
    }

    [Fact]
    public void While_the_critic_warms_up_the_actor_and_its_schedule_wait()
    {
        using var scope = NewDisposeScope();
        using var models = new StoriesModels(Plain with { CriticWarmupSteps = 1 }, StoriesModels.ShortResponses);
        using Experience experience = models.Builder.Build(models.Roll(), 0.1);
        float[] before = models.ActorOptimizer.Parameters.Values.data<float>().ToArray();
        models.Updater.Update(experience, step: 1, new MetricAccumulator());
        Assert.Equal(before, models.ActorOptimizer.Parameters.Values.data<float>().ToArray());
        Assert.Equal((0, 1), (models.ActorOptimizer.Steps, models.CriticOptimizer.Steps));
        models.Updater.Update(experience, step: 2, new MetricAccumulator());
        Assert.NotEqual(before, models.ActorOptimizer.Parameters.Values.data<float>().ToArray());
        Assert.Equal((1, 2), (models.ActorOptimizer.Steps, models.CriticOptimizer.Steps));
    }

    [Fact]
    public void The_passes_end_when_approx_kl_passes_its_target()
    {
        using var scope = NewDisposeScope();
        using var models = new StoriesModels(Plain with { UpdateIters = 5, TargetKl = 1e-5 }, StoriesModels.ShortResponses);
        using Experience experience = models.Builder.Build(models.Roll(), 0.1);
        models.Updater.Update(experience, 1, new MetricAccumulator());
        Assert.Equal(2, models.ActorOptimizer.Steps);
    }

    [Fact]
    public void An_entropy_bonus_a_dual_clip_and_no_clip_each_change_the_update()
    {
        PpoSettings strong = Plain with { UpdateIters = 3 };
        double[] norms = [
            Update(strong)["policy/grad_norm"],
            Update(strong with { EntropyCoeff = 0.5 })["policy/grad_norm"],
            Update(strong with { ClipRangeRatio = 0.01 })["policy/grad_norm"],
            Update(strong with { ClipRangeRatio = null, DualClip = 1.0001 })["policy/grad_norm"],
            Update(strong with { ClipRangeRatio = null })["policy/grad_norm"]];
        Assert.Equal(norms.Length, norms.Distinct().Count());
    }

    [Fact]
    public void A_value_clip_changes_the_critic_alone()
    {
        PpoSettings strong = Plain with { UpdateIters = 3 };
        IReadOnlyDictionary<string, double> clipped = Update(strong with { ClipRangeValue = 0.001 });
        IReadOnlyDictionary<string, double> free = Update(strong with { ClipRangeValue = null });
        Assert.NotEqual(free["critic/grad_norm"], clipped["critic/grad_norm"]);
        Assert.Equal(free["policy/grad_norm"], clipped["policy/grad_norm"]);
        Assert.Equal(0, free[MetricNames.CriticClipFraction]);
        Assert.True(clipped[MetricNames.CriticClipFraction] > 0);
    }

    private static (double Actor, double Critic) GradientNorms(LossAggregation aggregation, int size, int accumulation)
    {
        IReadOnlyDictionary<string, double> metrics = Update(
            Plain with { LossAggregation = aggregation },
            new BatchSettings { PerDeviceTrainBatchSize = size, GradientAccumulationSteps = accumulation });
        return (metrics["policy/grad_norm"], metrics["critic/grad_norm"]);
    }

    private static IReadOnlyDictionary<string, double> Update(PpoSettings ppo, BatchSettings? batches = null)
    {
        using var scope = NewDisposeScope();
        using var models = new StoriesModels(ppo, StoriesModels.ShortResponses, batches);
        using Experience experience = models.Builder.Build(models.Roll(), 0.1);
        var metrics = new MetricAccumulator();
        Assert.Empty(models.Updater.Update(experience, 1, metrics));
        return metrics.Flush();
    }
}
