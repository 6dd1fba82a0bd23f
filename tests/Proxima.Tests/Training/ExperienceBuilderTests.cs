using Proxima.Core.Settings;
using Proxima.Training;
using Proxima.Training.Rewards;
using static TorchSharp.torch;

namespace Proxima.Tests.Training;

public sealed class ExperienceBuilderTests
{
    private static readonly PpoSettings Plain = new();

    [Fact]
    public void A_sequence_gets_the_same_numbers_alone_and_among_others()
    {
        using var scope = NewDisposeScope();
        using var models = new StoriesModels(Plain, StoriesModels.ShortResponses);
        IReadOnlyList<Sequence> rollout = models.Roll();
        using Experience together = models.Builder.Build(rollout, 0.1);
        for (int row = 0; row < rollout.Count; row++)
        {
            using Experience alone = models.Builder.Build([rollout[row]], 0.1);
            int length = rollout[row].Response.Length;
            foreach ((Tensor one, Tensor all) in new[]
            {
                (alone.LogProbs, together.LogProbs), (alone.RefLogProbs, together.RefLogProbs), (alone.Values, together.Values),
                (alone.Rewards, together.Rewards), (alone.Advantages, together.Advantages), (alone.Returns, together.Returns),
            })
            {
                var difference = one[0].narrow(0, 0, length) - all[row].narrow(0, 0, length);
                Assert.InRange(difference.abs().max().item<float>(), 0, 2e-5);
                Assert.Equal(0, all[row].narrow(0, length, together.Grid.Width - length).abs().sum().item<float>());
            }

            Assert.Equal(alone.Scores[0], together.Scores[row], 1e-5);
        }
    }

    [Fact]
    public void The_sampler_saw_the_log_probs_that_the_trainer_computes()
    {
        using var scope = NewDisposeScope();
        using var models = new StoriesModels(Plain, StoriesModels.ShortResponses with { Temperature = 0.7 });
        IReadOnlyList<Sequence> rollout = models.Roll();
        using Experience experience = models.Builder.Build(rollout, 0.1);
        for (int row = 0; row < rollout.Count; row++)
        {
            for (int t = 0; t < rollout[row].Response.Length; t++)
            {
                Assert.Equal(rollout[row].SamplerLogProbs[t], experience.LogProbs[row, t].item<float>(), 1e-4);
            }
        }
    }

    [Fact]
    public void Without_recomputation_the_samplers_numbers_are_taken_and_the_actor_is_not_run()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var models = new StoriesModels(Plain with { RecomputeOldLogProbs = false }, StoriesModels.ShortResponses with { Temperature = 0.7 });
        using var recomputing = new StoriesModels(Plain, StoriesModels.ShortResponses with { Temperature = 0.7 });
        IReadOnlyList<Sequence> rollout = models.Roll();
        models.Actor.HeadWeight.fill_(float.NaN); // a forward of the actor would show

        using Experience experience = models.Builder.Build(rollout, 0.1);

        using Experience expected = recomputing.Builder.Build(rollout, 0.1);
        foreach ((Tensor found, Tensor wanted) in new[] { (experience.LogProbs, expected.LogProbs), (experience.Entropies, expected.Entropies) })
        {
            Assert.InRange((found - wanted).abs().max().item<float>(), 0, 1e-4);
        }
    }

    [Fact]
    public void Rewards_are_the_KL_penalty_and_the_score_on_the_last_token()
    {
        using var scope = NewDisposeScope();
        using var models = new StoriesModels(Plain, StoriesModels.ShortResponses);
        IReadOnlyList<Sequence> rollout = models.Roll();
        using Experience experience = models.Builder.Build(rollout, 0.1);
        Assert.Equal(0, experience.KlPerSequence, 1e-5); // actor and reference are still the same
        for (int row = 0; row < rollout.Count; row++)
        {
            float last = experience.Rewards[row, rollout[row].Response.Length - 1].item<float>();
            Assert.Equal(experience.Scores[row], last, 1e-5);
            Assert.Equal(experience.Scores[row], experience.Rewards[row].sum().item<float>(), 1e-5);
        }
    }

    [Fact]
    public void After_eos_the_score_has_a_slot_of_its_own_when_it_fits()
    {
        using var scope = NewDisposeScope();
        using var models = new StoriesModels(Plain with { ScorePlacement = ScorePlacement.AfterEos }, StoriesModels.ShortResponses);
        IReadOnlyList<Sequence> rollout = models.Roll();
        Assert.Contains(rollout, s => s.Response.Length < 12);
        Assert.Contains(rollout, s => s.Response.Length == 12);
        using Experience experience = models.Builder.Build(rollout, 0.1);
        for (int row = 0; row < rollout.Count; row++)
        {
            int slot = Math.Min(rollout[row].Response.Length, 11);
            Assert.Equal(experience.Scores[row], experience.Rewards[row, slot].item<float>(), 1e-5);
            Assert.NotEqual(0, experience.Values[row, slot].item<float>());
        }
    }

    [Fact]
    public void Unfinished_responses_are_penalised_and_scores_are_clipped_before()
    {
        using var scope = NewDisposeScope();
        using var models = new StoriesModels(Plain with { ClipRangeScore = 0.01, MissingEosPenalty = 3 }, StoriesModels.ShortResponses);
        IReadOnlyList<Sequence> rollout = models.Roll();
        using Experience experience = models.Builder.Build(rollout, 0.1);
        Assert.Contains(rollout, s => !s.Finished);
        for (int row = 0; row < rollout.Count; row++)
        {
            Assert.Equal(rollout[row].Response[^1] == 426, rollout[row].Finished);
            double clipped = Math.Clamp(experience.Scores[row], -0.01, 0.01);
            Assert.Equal(rollout[row].Finished ? clipped : clipped - 3, experience.ShapedScores[row], 1e-9);
        }
    }

    [Fact]
    public void Normalized_scores_have_the_statistics_of_all_scores_so_far()
    {
        using var scope = NewDisposeScope();
        using var models = new StoriesModels(Plain with { NormalizeReward = true }, StoriesModels.ShortResponses);
        using Experience experience = models.Builder.Build(models.Roll(), 0.1);
        Assert.Equal(8, models.Shaper.Statistics.Count);
        Assert.Equal(0, experience.ShapedScores.Average(), 1e-6);
        Assert.Equal(1, ResponseStatistics.Deviation([.. experience.ShapedScores]), 1e-6);
    }

    /// <summary>Ranks that have scored their share wait for the others, and for a stop of them 20 seconds alone.</summary>
    [Fact]
    public void A_stop_ends_the_scoring()
    {
        using var scope = NewDisposeScope();
        using var models = new StoriesModels(Plain, StoriesModels.ShortResponses);
        IReadOnlyList<Sequence> rollout = models.Roll();
        var source = new RewardModelSource(new FrozenModel<Proxima.Models.ScoreModel>(models.Reward), new CancellationToken(canceled: true));
        Assert.Throws<OperationCanceledException>(() => source.Score(rollout));
    }

    [Fact]
    public void A_reward_scale_of_minus_one_turns_scores_round()
    {
        using var scope = NewDisposeScope();
        using var models = new StoriesModels(Plain, StoriesModels.ShortResponses);
        IReadOnlyList<Sequence> rollout = models.Roll();
        var source = new RewardModelSource(new FrozenModel<Proxima.Models.ScoreModel>(models.Reward));
        Assert.Equal(source.Score(rollout).Select(s => -s), new ScaledRewardSource(source, -1).Score(rollout));
    }
}
