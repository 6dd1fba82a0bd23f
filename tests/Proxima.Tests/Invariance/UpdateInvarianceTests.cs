using CsCheck;
using Proxima.Core.Settings;
using Proxima.Tests.Training;
using Proxima.Training;
using static TorchSharp.torch;

namespace Proxima.Tests.Invariance;

/// <summary>On stories260k: what must not change an update.</summary>
public sealed class UpdateInvarianceTests
{
    private static readonly PpoSettings Plain = new() { NormalizeAdvantage = true, ClipRangeValue = 0.2 };

    [Fact]
    public void The_split_into_micro_batches_changes_no_weight()
    {
        float[][] weights = [.. new[] { (8, 1), (4, 2), (2, 4), (1, 8) }.Select(split => WeightsAfter(
            Plain, rollout => rollout, new BatchSettings { PerDeviceTrainBatchSize = split.Item1, GradientAccumulationSteps = split.Item2 }))];

        Assert.All(weights, after => AssertClose(weights[0], after));
    }

    [Fact]
    public void The_order_of_a_rollout_changes_no_weight()
    {
        var batches = new BatchSettings { PerDeviceTrainBatchSize = 8, GradientAccumulationSteps = 1 };
        float[] expected = WeightsAfter(Plain, rollout => rollout, batches);
        Gen.Shuffle(Enumerable.Range(0, 8).ToArray()).Sample(
            order => AssertClose(expected, WeightsAfter(Plain, rollout => [.. order.Select((from, to) => rollout[from] with { Index = to })], batches)),
            iter: 3, threads: 1);
    }

    [Fact]
    public void A_sequence_beside_longer_ones_gets_the_advantages_it_gets_alone()
    {
        using var scope = NewDisposeScope();
        using var models = new StoriesModels(new PpoSettings(), StoriesModels.ShortResponses);
        IReadOnlyList<Sequence> rollout = models.Roll();
        using Experience together = models.Builder.Build(rollout, 0.1);
        Gen.Int[0, rollout.Count - 1].HashSet[1, 4].Select(set => set.ToArray()).Sample(
            rows =>
            {
                using Experience some = models.Builder.Build([.. rows.Select(row => rollout[row])], 0.1);
                for (int i = 0; i < rows.Length; i++)
                {
                    int length = rollout[rows[i]].Response.Length;
                    var difference = some.Advantages[i].narrow(0, 0, length) - together.Advantages[rows[i]].narrow(0, 0, length);
                    Assert.InRange(difference.abs().max().item<float>(), 0, 5e-5);
                }
            },
            iter: 5, threads: 1);
    }

    /// <summary>All weights of actor and critic after one optimizer step with a large rate and no sign of Adam's.</summary>
    private static float[] WeightsAfter(PpoSettings ppo, Func<IReadOnlyList<Sequence>, IReadOnlyList<Sequence>> change, BatchSettings batches)
    {
        using var scope = NewDisposeScope();

        // A large epsilon makes Adam's step proportional to the gradient, so that gradients near 0 stay small steps.
        var optimizer = new OptimizerSettings { LearningRate = 1, AdamEpsilon = 100, MaxGradNorm = 1e9, LrSchedulerType = SchedulerType.Constant };
        using var models = new StoriesModels(ppo, StoriesModels.ShortResponses, batches, optimizer);
        using Experience experience = models.Builder.Build(change(models.Roll()), 0.1);
        float[] before = models.ActorOptimizer.Parameters.Values.data<float>().ToArray();
        models.Updater.Update(experience, 1, new MetricAccumulator());
        float[] actor = models.ActorOptimizer.Parameters.Values.data<float>().ToArray();
        Assert.InRange(actor.Zip(before, (a, b) => Math.Abs(a - b)).Max(), 1e-4, 1);
        return [.. actor, .. models.CriticOptimizer.Parameters.Values.data<float>().ToArray()];
    }

    private static void AssertClose(float[] expected, float[] found) =>
        Assert.InRange(expected.Zip(found, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-6);
}
