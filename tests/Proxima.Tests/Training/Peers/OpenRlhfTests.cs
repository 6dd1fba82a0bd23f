using System.Text.Json;
using Proxima.Core.Settings;
using Proxima.Numerics;
using Proxima.Training;
using static TorchSharp.torch;

namespace Proxima.Tests.Training.Peers;

/// <summary>The preset openrlhf against OpenRLHF's own functions.</summary>
public sealed class OpenRlhfTests
{
    private static readonly PeerFile Recorded = new("openrlhf");
    private static readonly PpoSettings Preset = PeerSettings.Of("openrlhf");

    [Fact]
    public void Every_recorded_function_is_compared_or_not_offered()
    {
        string[] compared =
        [
            "policy_loss", "value_loss", "aggregate_loss", "masked", "approx_kl", "reward", "gae", "cumulative_returns",
            "log_probs_from_logits", "kl_controller", "end_to_end_gae", "pairwise_loss",
        ];
        string[] notOffered =
        [
            "advantages_reinforce", "advantages_rloo", "advantages_reinforce_baseline", "advantages_group_norm", "advantages_dr_grpo", // other estimators
        ];
        Assert.Equal(Recorded.Kinds().Order(), compared.Concat(notOffered).Order());
    }

    [Fact]
    public void Policy_losses_their_gradients_and_statistics()
    {
        int count = Recorded.ForEach("policy_loss", item =>
        {
            double low = item.Optional("clip_eps_low") ?? 0.2;
            if (item.Settings.TryGetProperty("policy_loss_type", out _) || low != (item.Optional("clip_eps_high") ?? 0.2))
            {
                return false; // GSPO, and a clip that is wider upwards
            }

            var formulas = new PpoFormulas(Preset with { ClipRangeRatio = low, DualClip = item.Optional("dual_clip") });
            var newLogProbs = item.Leaf("log_probs");
            var ratio = PeerSettings.ClampedRatio(newLogProbs, item.In("old_log_probs"));
            var loss = Aggregate(formulas.PolicyLosses(ratio, item.In("advantages")), item, Preset);
            loss.backward();
            item.Check("loss", loss);
            item.Check("grad_log_probs", newLogProbs.grad!);
            item.Check("clip_ratio", Share(formulas.PolicyIsClipped(ratio, item.In("advantages"))!, item.Mask));
            item.Check("ppo_kl", MaskedStatistics.Mean(item.In("old_log_probs") - newLogProbs, item.Mask));
            return true;
        });
        Assert.Equal(8, count);
    }

    [Fact]
    public void Pairwise_losses_of_reward_models_and_their_gradients() => Recorded.ForEach("pairwise_loss", item =>
    {
        var chosen = item.Leaf("chosen");
        var rejected = item.Leaf("rejected");
        bool hasMargin = item.Inputs.GetProperty("margin").ValueKind != JsonValueKind.Null;
        var loss = PreferenceObjective.Losses(chosen, rejected, hasMargin ? item.In("margin") : null).mean();
        loss.backward();
        item.Check("loss", loss);
        item.Check("grad_chosen", chosen.grad!);
        item.Check("grad_rejected", rejected.grad!);
    });

    [Fact]
    public void Value_losses_and_their_gradients() => Recorded.ForEach("value_loss", item =>
    {
        PpoSettings ppo = Preset with { ClipRangeValue = item.Optional("clip_eps") };
        var values = item.Leaf("values");
        var loss = Aggregate(new PpoFormulas(ppo).ValueLosses(values, item.In("old_values"), item.In("returns")), item, ppo);
        loss.backward();
        item.Check("loss", loss);
        item.Check("grad_values", values.grad!);
    });

    [Fact]
    public void Aggregation_over_tokens_and_over_sequences() =>
        Recorded.ForEach("aggregate_loss", item => item.Check("loss", Aggregate(item.In("loss"), item, Preset)));

    [Fact]
    public void Masked_means_of_a_batch_and_of_its_rows() => Recorded.ForEach("masked", item =>
    {
        item.Check("mean", MaskedStatistics.Mean(item.In("x"), item.Mask));
        Tensor[] rows = [.. Enumerable.Range(0, 4).Select(row => MaskedStatistics.Mean(item.In("x")[row], item.Mask[row]))];
        item.Check("mean_rows", stack(rows));
    });

    [Fact]
    public void KL_estimators_within_their_clamp() => Recorded.ForEach("approx_kl", item =>
    {
        foreach (KlEstimator estimator in Enum.GetValues<KlEstimator>())
        {
            var formulas = new PpoFormulas(Preset with { KlEstimator = estimator });
            item.Check($"{estimator}".ToLowerInvariant(), formulas.Kl(item.In("log_probs"), item.In("base")));
        }
    });

    [Fact]
    public void Rewards_with_the_clipped_score_on_the_last_token()
    {
        int count = Recorded.ForEach("reward", item =>
        {
            JsonElement clip = item.Settings.GetProperty("clip_range");
            if (clip.ValueKind == JsonValueKind.Array && clip[0].GetDouble() != -clip[1].GetDouble())
            {
                return false; // a clip that is not symmetric
            }

            PpoSettings ppo = Preset with { KlClamp = null, ClipRangeScore = clip.ValueKind == JsonValueKind.Array ? clip[1].GetDouble() : null };
            var (kl, zero) = (item.In("kl"), zeros_like(item.In("kl")));
            var rewards = new PpoFormulas(ppo).Rewards(
                kl, zero, item.Number("kl_coef"), PeerSettings.LastPlaces(item.Mask), PeerSettings.Shape(ppo, item.In("score")));
            item.Check("rewards", rewards);
            return true;
        });
        Assert.Equal(7, count);
    }

    [Fact]
    public void Advantages_take_a_gap_for_a_step_of_nothing() => Recorded.ForEach("gae", item =>
    {
        var formulas = new PpoFormulas(Preset with { Gamma = item.Number("gamma"), GaeLambda = item.Number("lambd") });
        var advantages = formulas.Advantages(item.In("rewards"), item.In("values"), item.Mask);
        item.Check("advantages", advantages, item.Mask);
        item.Check("returns", advantages + item.In("values"), item.Mask);
    });

    [Fact]
    public void Discounted_sums_of_rewards_are_advantages_without_a_critic() => Recorded.ForEach("cumulative_returns", item =>
    {
        var formulas = new PpoFormulas(Preset with { Gamma = item.Number("gamma"), GaeLambda = 1 });
        item.Check("returns", formulas.Advantages(item.In("rewards"), zeros_like(item.In("rewards")), item.Mask), item.Mask);
    });

    [Fact]
    public void Log_probs_at_three_temperatures() => Recorded.ForEach("log_probs_from_logits", item =>
    {
        item.Check("log_probs", PeerLogits.LogProbs(item.In("logits"), item.In("labels"), item.Number("temperature")));
    });

    [Fact]
    public void KL_coefficients_of_both_controllers() => Recorded.ForEach("kl_controller", item =>
    {
        PpoSettings ppo = Preset with
        {
            KlCoeff = item.Number("init"),
            KlTarget = item.Number("target"),
            KlHorizon = item.Number("horizon"),
            KlController = KlControllerType.Adaptive,
        };
        foreach ((KlControllerType type, string output) in new[] { (KlControllerType.Adaptive, "adaptive"), (KlControllerType.Fixed, "fixed") })
        {
            var controller = new KlController(ppo with { KlController = type });
            int call = 0;
            foreach (JsonElement pair in item.Inputs.GetProperty("kl_and_n").EnumerateArray())
            {
                controller.Update(pair[0].GetDouble(), pair[1].GetInt32());
                Assert.Equal(1, controller.Coefficient / item.Outputs.GetProperty(output)[call++].GetDouble(), PeerCase.Tolerance);
            }
        }
    });

    [Fact]
    public void A_rollout_from_log_probs_to_losses()
    {
        int count = Recorded.ForEach("end_to_end_gae", item =>
        {
            if (item.Settings.GetProperty("no_std_norm").GetBoolean())
            {
                return false; // advantages that only lose their mean
            }

            PpoSettings ppo = Preset with
            {
                Gamma = item.Number("gamma"),
                GaeLambda = item.Number("lambd"),
                ClipRangeScore = item.Settings.GetProperty("score_clip")[1].GetDouble(),
                ClipRangeRatio = item.Number("clip_eps"),
                ClipRangeValue = item.Number("value_clip"),
            };
            new OpenRlhfRollout(item, ppo).Check();
            return true;
        });
        Assert.Equal(4, count);
    }

    /// <summary>The mean over tokens, or (not offered) over sequences of their means; over given totals where the case names them.</summary>
    private static Tensor Aggregate(Tensor losses, PeerCase item, PpoSettings ppo)
    {
        double ranks = item.Optional("dp_size") ?? 1; // whose gradients are averaged afterwards
        var kept = MaskedStatistics.Keep(losses, item.Mask);
        if (item.Settings.TryGetProperty("token_level_loss", out JsonElement byToken) && !byToken.GetBoolean())
        {
            var counts = item.Mask.sum(1, type: ScalarType.Float32);
            return (kept.sum(1) / counts.clamp_min(1e-8)).sum() / (item.Optional("global_batch_size") ?? (counts > 0).sum().item<long>()) * ranks;
        }

        double tokens = item.Mask.sum().item<long>();
        return kept.sum() * new PpoFormulas(ppo).TokenWeight(item.Optional("batch_num_tokens") ?? tokens, tokens, 1) * ranks;
    }

    private static Tensor Share(Tensor isTrue, Tensor mask) => MaskedStatistics.Mean(isTrue.to_type(ScalarType.Float32), mask);
}
