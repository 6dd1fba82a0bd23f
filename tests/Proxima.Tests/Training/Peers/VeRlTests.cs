using System.Text.Json;
using Proxima.Core.Settings;
using Proxima.Numerics;
using Proxima.Training;
using static TorchSharp.torch;

namespace Proxima.Tests.Training.Peers;

/// <summary>The preset verl against veRL's own functions.</summary>
public sealed class VeRlTests
{
    private static readonly PeerFile Recorded = new("verl");
    private static readonly PpoSettings Preset = PeerSettings.Of("verl");

    [Fact]
    public void Every_recorded_function_is_compared_or_not_offered()
    {
        string[] compared = ["masked", "gae", "policy_loss", "value_loss", "agg_loss", "kl_penalty", "kl_controller", "end_to_end_gae"];
        IEnumerable<string> rest = Recorded.Kinds().Except(compared);
        Assert.All(rest, kind => Assert.True(kind == "policy_loss_gspo" || kind.StartsWith("advantages_", StringComparison.Ordinal), kind));
        Assert.Empty(compared.Except(Recorded.Kinds()));
    }

    [Fact]
    public void Masked_statistics_and_whitening() => Recorded.ForEach("masked", item =>
    {
        var x = item.In("x");
        item.Check("mean", MaskedStatistics.Mean(x, item.Mask));
        item.Check("var", MaskedStatistics.UnbiasedVariance(x, item.Mask));
        item.Check("var_biased", MaskedStatistics.BiasedVariance(x, item.Mask));
        var whitened = MaskedStatistics.Whiten(x, item.Mask);
        item.Check("whiten", whitened, item.Mask);
        item.Check("whiten_keep_mean", whitened + MaskedStatistics.Mean(x, item.Mask), item.Mask);
    });

    [Fact]
    public void Advantages_pass_over_gaps_and_are_whitened() => Recorded.ForEach("gae", item =>
    {
        var formulas = new PpoFormulas(Preset with { Gamma = item.Number("gamma"), GaeLambda = item.Number("lam") });
        var advantages = formulas.Advantages(item.In("rewards"), item.In("values"), item.Mask);
        item.Check("returns", advantages + item.In("values"), item.Mask);
        item.Check("advantages", formulas.Whiten(advantages, item.Mask), item.Mask);
    });

    [Fact]
    public void Policy_losses_with_the_dual_clip_their_gradients_and_statistics()
    {
        int count = Recorded.ForEach("policy_loss", item =>
        {
            if (item.Optional("clip_ratio_low") is not null)
            {
                return false; // a clip that is wider upwards
            }

            var formulas = new PpoFormulas(Preset with { ClipRangeRatio = item.Number("clip_ratio"), DualClip = item.Number("clip_ratio_c") });
            CheckPolicy(item, formulas, "log_probs", item.In("old_log_probs"), item.In("advantages"), "loss", "grad_log_probs");
            return true;
        });
        Assert.Equal(4, count);
    }

    [Fact]
    public void Value_losses_their_gradients_and_clip_fractions() => Recorded.ForEach("value_loss", item =>
    {
        var formulas = new PpoFormulas(Preset with { ClipRangeValue = item.Number("cliprange_value") });
        CheckValues(item, formulas, "values", item.In("old_values"), item.In("returns"), ("loss", "grad_values", "clipfrac"));
    });

    [Fact]
    public void The_mean_over_the_tokens_of_a_batch_of_known_size() => Recorded.ForEach("agg_loss", item =>
    {
        // The other three aggregations are not offered.
        item.Check("token-mean", Aggregate(item.In("loss"), item, "token-mean"));
    });

    [Fact]
    public void KL_penalties_and_their_gradients() => Recorded.ForEach("kl_penalty", item =>
    {
        foreach (KlEstimator estimator in Enum.GetValues<KlEstimator>())
        {
            string name = $"{estimator}".ToLowerInvariant();
            var logProbs = item.Leaf("log_probs");
            PpoSettings ppo = Preset with { KlEstimator = estimator, KlClamp = estimator == KlEstimator.K3 ? Preset.KlClamp : null }; // veRL clamps k3 alone
            var kl = new PpoFormulas(ppo).Kl(logProbs, item.In("ref_log_probs"));
            kl.sum().backward();
            item.Check(name, kl);
            item.Check($"grad {name}", logProbs.grad!);
        }
    });

    [Fact]
    public void The_adaptive_KL_coefficient() => Recorded.ForEach("kl_controller", item =>
    {
        var controller = new KlController(Preset with
        {
            KlCoeff = item.Number("init"),
            KlTarget = item.Number("target"),
            KlHorizon = item.Number("horizon"),
            KlController = KlControllerType.Adaptive,
        });
        int call = 0;
        foreach (JsonElement pair in item.Inputs.GetProperty("kl_and_n").EnumerateArray())
        {
            controller.Update(pair[0].GetDouble(), pair[1].GetInt32());
            Assert.Equal(1, controller.Coefficient / item.Outputs.GetProperty("adaptive")[call++].GetDouble(), PeerCase.Tolerance);
        }
    });

    [Fact]
    public void A_rollout_from_log_probs_to_losses() => Recorded.ForEach("end_to_end_gae", item =>
    {
        PpoSettings ppo = Preset with
        {
            KlCoeff = item.Number("kl_coef"),
            KlEstimator = Enum.Parse<KlEstimator>(item.Settings.GetProperty("kl_estimator").GetString()!, ignoreCase: true),
            Gamma = item.Number("gamma"),
            GaeLambda = item.Number("lam"),
            ClipRangeValue = item.Number("cliprange_value"),
            ClipRangeRatio = item.Number("clip_ratio"),
            DualClip = item.Number("clip_ratio_c"),
        };
        var formulas = new PpoFormulas(ppo);
        var mask = item.Mask;
        var kl = formulas.Kl(item.In("log_probs"), item.In("ref_log_probs"));
        var rowKl = MaskedStatistics.Keep(kl, mask).sum(1) / mask.sum(1);
        item.Check("kl", rowKl.mean());
        CheckController(item, ppo, rowKl.mean().item<float>());

        var rewards = formulas.Rewards(
            item.In("log_probs"), item.In("ref_log_probs"), ppo.KlCoeff, PeerSettings.LastPlaces(mask), PeerSettings.Shape(ppo, item.In("scores")));
        var advantages = formulas.Advantages(rewards, item.In("values"), mask);
        var whitened = formulas.Whiten(advantages, mask);
        item.Check("rewards", rewards, mask);
        item.Check("returns", advantages + item.In("values"), mask);
        item.Check("advantages", whitened, mask);
        CheckPolicy(item, formulas, "new_log_probs", item.In("log_probs"), whitened, "policy_loss", "grad_new_log_probs");
        CheckValues(
            item, formulas, "new_values", item.In("values"), advantages + item.In("values"), ("value_loss", "grad_new_values", "value_clipfrac"));
    });

    private static void CheckController(PeerCase item, PpoSettings ppo, double kl)
    {
        JsonElement adaptive = item.Settings.GetProperty("adaptive");
        var controller = new KlController(adaptive.ValueKind == JsonValueKind.Null ? ppo : ppo with
        {
            KlController = KlControllerType.Adaptive,
            KlTarget = adaptive.GetProperty("target").GetDouble(),
            KlHorizon = adaptive.GetProperty("horizon").GetDouble(),
        });
        controller.Update(kl, (int)item.Mask.shape[0]);
        Assert.Equal(1, controller.Coefficient / item.Outputs.GetProperty("kl_coef_after").GetDouble(), PeerCase.Tolerance);
    }

    private static void CheckPolicy(
        PeerCase item, PpoFormulas formulas, string leaf, Tensor oldLogProbs, Tensor advantages, string lossName, string gradientName)
    {
        var newLogProbs = item.Leaf(leaf);
        var ratio = PeerSettings.ClampedRatio(newLogProbs, oldLogProbs);
        var losses = formulas.PolicyLosses(ratio, advantages);
        var loss = Aggregate(losses, item, item.Settings.GetProperty("loss_agg_mode").GetString()!);
        loss.backward();
        item.Check(lossName, loss);
        item.Check(gradientName, newLogProbs.grad!);
        item.Check("actor/pg_clipfrac", Share(formulas.PolicyIsClipped(ratio, advantages)!, item.Mask));
        item.Check("actor/ppo_kl", MaskedStatistics.Mean(oldLogProbs - newLogProbs, item.Mask));
        var single = PolicyObjective.ClippedSurrogate(ratio, advantages, item.Number("clip_ratio"));
        item.Check("actor/pg_clipfrac_lower", Share(losses < single, item.Mask));
    }

    private static void CheckValues(
        PeerCase item, PpoFormulas formulas, string leaf, Tensor oldValues, Tensor returns, (string Loss, string Gradient, string ClipFraction) names)
    {
        var values = item.Leaf(leaf);
        var loss = Aggregate(formulas.ValueLosses(values, oldValues, returns), item, item.Settings.GetProperty("loss_agg_mode").GetString()!);
        loss.backward();
        item.Check(names.Loss, loss);
        item.Check(names.Gradient, values.grad!);
        item.Check(names.ClipFraction, Share(formulas.ValueIsClipped(values, oldValues, returns)!, item.Mask));
    }

    /// <summary>token-mean is Proxima's "token"; the others belong to veRL and stand here so that losses recorded with them can be compared.</summary>
    private static Tensor Aggregate(Tensor losses, PeerCase item, string mode)
    {
        var kept = MaskedStatistics.Keep(losses, item.Mask);
        var counts = item.Mask.sum(1, type: ScalarType.Float32);
        double tokens = item.Mask.sum().item<long>();
        double rows = (counts > 0).sum().item<long>();
        double ranks = item.Optional("dp_size") ?? 1;
        return mode switch
        {
            "token-mean" => kept.sum() * new PpoFormulas(Preset).TokenWeight(item.Optional("batch_num_tokens") ?? tokens, tokens, 1) * ranks,
            "seq-mean-token-sum" => kept.sum() / rows,
            "seq-mean-token-mean" => (kept.sum(1) / counts.clamp_min(1)).sum() / rows,
            "seq-mean-token-sum-norm" => kept.sum() / kept.shape[1],
            _ => throw new NotSupportedException(mode),
        };
    }

    private static Tensor Share(Tensor isTrue, Tensor mask) => MaskedStatistics.Mean(isTrue.to_type(ScalarType.Float32), mask);
}
