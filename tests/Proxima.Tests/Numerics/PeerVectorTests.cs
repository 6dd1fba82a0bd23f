using System.Text.Json;
using Proxima.Numerics;
using Proxima.TestSupport;
using static TorchSharp.torch;

namespace Proxima.Tests.Numerics;

/// <summary>The formulas against recorded functions of PaddleNLP, veRL and OpenRLHF (goldens/ppo), gradients included.</summary>
public sealed class PeerVectorTests
{
    private const double Tolerance = 5e-6;

    [Fact]
    public void PaddleNLP_losses_and_their_gradients() => ForEach("paddlenlp", "losses", (settings, inputs, outputs) =>
    {
        var mask = Mask(inputs["mask"]);
        var logProbs = inputs["log_probs"].requires_grad_(true);
        var ratio = PolicyObjective.Ratio(logProbs, inputs["old_log_probs"]);
        var actorLoss = MaskedStatistics.Mean(
            PolicyObjective.ClippedSurrogate(ratio, inputs["advantages"], Number(settings, "clip_range_ratio")), mask);
        actorLoss.backward();
        Near(outputs["actor_loss"], actorLoss);
        Near(outputs["grad_log_probs"], logProbs.grad!);

        var values = inputs["values"].requires_grad_(true);
        var criticLoss = MaskedStatistics.Mean(
            ValueObjective.Clipped(values, inputs["old_values"], inputs["returns"], Number(settings, "clip_range_value")), mask);
        criticLoss.backward();
        Near(outputs["critic_loss"], criticLoss);
        Near(outputs["grad_values"], values.grad!);
    });

    [Fact]
    public void OpenRLHF_pairwise_losses_and_their_gradients() => ForEach("openrlhf", "pairwise_loss", (_, inputs, outputs) =>
    {
        var chosen = inputs["chosen"].requires_grad_(true);
        var rejected = inputs["rejected"].requires_grad_(true);
        var loss = PreferenceObjective.Losses(chosen, rejected, inputs.GetValueOrDefault("margin")).mean();
        loss.backward();
        Near(outputs["loss"], loss);
        Near(outputs["grad_chosen"], chosen.grad!);
        Near(outputs["grad_rejected"], rejected.grad!);
    });

    [Fact]
    public void PaddleNLP_rewards_advantages_and_returns() => ForEach("paddlenlp", "rewards_and_advantages", (settings, inputs, outputs) =>
    {
        long start = (long)Number(settings, "prompt_width") - 1;
        var mask = Mask(inputs["attention_mask"]).narrow(1, 1, inputs["attention_mask"].shape[1] - 1).clone();
        mask.narrow(1, 0, start).fill_(false);
        var rewards = KlDivergence.K1(inputs["log_probs"], inputs["ref_log_probs"]) * -Number(settings, "kl_coeff");
        double clip = Number(settings, "clip_range_score");
        AddAtLast(rewards, mask, inputs["scores"].clamp(-clip, clip));
        var advantages = AdvantageEstimation.ZeroAtGaps(rewards, inputs["values"], mask, 1, 0.95);
        Near(MaskedStatistics.Keep(Part(outputs["advantages"]), mask), advantages);
        Near(MaskedStatistics.Keep(Part(outputs["returns"]), mask), MaskedStatistics.Keep(advantages + inputs["values"], mask));
        Near(MaskedStatistics.Keep(Part(outputs["rewards"]), mask), MaskedStatistics.Keep(rewards, mask));

        // Some cases give the columns of the response alone.
        Tensor Part(Tensor given) => given.shape[1] == mask.shape[1]
            ? given
            : cat([zeros(given.shape[0], mask.shape[1] - given.shape[1]), given], 1);
    });

    [Fact]
    public void VeRL_from_rewards_to_losses() => ForEach("verl", "end_to_end_gae", (settings, inputs, outputs) =>
    {
        var mask = Mask(inputs["mask"]);
        var kl = settings.GetProperty("kl_estimator").GetString() switch
        {
            "k1" => KlDivergence.K1(inputs["log_probs"], inputs["ref_log_probs"]),
            "k2" => KlDivergence.K2(inputs["log_probs"], inputs["ref_log_probs"]),
            "k3" => KlDivergence.K3(inputs["log_probs"], inputs["ref_log_probs"]),
            "abs" => KlDivergence.K1(inputs["log_probs"], inputs["ref_log_probs"]).abs(),
            string other => throw new NotSupportedException(other),
            null => throw new NotSupportedException(),
        };
        var rewards = MaskedStatistics.Keep(kl, mask) * -Number(settings, "kl_coef");
        AddAtLast(rewards, mask, inputs["scores"]);
        var advantages = AdvantageEstimation.CarryOverGaps(
            rewards, inputs["values"], mask, Number(settings, "gamma"), Number(settings, "lam"));
        var returns = advantages + inputs["values"];
        var whitened = MaskedStatistics.Whiten(advantages, mask);
        Near(MaskedStatistics.Keep(outputs["advantages"], mask), whitened, 2e-5);

        var logProbs = inputs["new_log_probs"].requires_grad_(true);
        var ratio = PolicyObjective.Ratio(logProbs, inputs["log_probs"]);
        var losses = PolicyObjective.DualClip(
            PolicyObjective.ClippedSurrogate(ratio, whitened, Number(settings, "clip_ratio")), whitened, Number(settings, "clip_ratio_c"));
        var policyLoss = MaskedStatistics.Mean(losses, mask);
        policyLoss.backward();
        Near(outputs["policy_loss"], policyLoss);
        Near(outputs["grad_new_log_probs"], logProbs.grad!);

        var values = inputs["new_values"].requires_grad_(true);
        var valueLoss = MaskedStatistics.Mean(
            ValueObjective.Clipped(values, inputs["values"], returns, Number(settings, "cliprange_value")), mask);
        valueLoss.backward();
        Near(outputs["value_loss"], valueLoss);
        Near(outputs["grad_new_values"], values.grad!);
    });

    [Fact]
    public void OpenRLHF_advantages_jump_no_gap() => ForEach("openrlhf", "gae", (settings, inputs, outputs) =>
    {
        var mask = Mask(inputs["mask"]);
        var advantages = AdvantageEstimation.ZeroAtGaps(
            inputs["rewards"], inputs["values"], mask, Number(settings, "gamma"), Number(settings, "lambd"));
        Near(MaskedStatistics.Keep(outputs["advantages"], mask), advantages);
    });

    [Fact]
    public void OpenRLHF_KL_estimators_within_their_clamp() => ForEach("openrlhf", "approx_kl", (_, inputs, outputs) =>
    {
        Near(outputs["k1"], KlDivergence.K1(inputs["log_probs"], inputs["base"]).clamp(-10, 10));
        Near(outputs["k2"], KlDivergence.K2(inputs["log_probs"], inputs["base"]).clamp(-10, 10));
        Near(outputs["k3"], KlDivergence.K3(inputs["log_probs"], inputs["base"]).clamp(-10, 10));
    });

    [Fact]
    public void VeRL_masked_whitening() => ForEach("verl", "masked", (_, inputs, outputs) =>
    {
        var mask = Mask(inputs["mask"]);
        Near(MaskedStatistics.Keep(outputs["whiten"], mask), MaskedStatistics.Whiten(inputs["x"], mask), 2e-5);
    });

    private static void ForEach(
        string program, string kind, Action<JsonElement, Dictionary<string, Tensor>, Dictionary<string, Tensor>> check)
    {
        string path = RepositoryPaths.Shared("goldens", "ppo", $"{program}.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        JsonElement cases = document.RootElement.GetProperty(kind);
        Assert.NotEqual(0, cases.GetArrayLength());
        foreach (JsonElement item in cases.EnumerateArray())
        {
            using var scope = NewDisposeScope();
            check(item.GetProperty("settings"), Tensors(item.GetProperty("inputs")), Tensors(item.GetProperty("outputs")));
        }
    }

    private static Dictionary<string, Tensor> Tensors(JsonElement record) => record.EnumerateObject()
        .Where(p => p.Value.ValueKind == JsonValueKind.Number || (p.Value.ValueKind == JsonValueKind.Array && p.Value.GetArrayLength() > 0))
        .ToDictionary(p => p.Name, p => ToTensor(p.Value));

    private static Tensor ToTensor(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            return tensor(value.GetSingle());
        }

        return value[0].ValueKind == JsonValueKind.Array
            ? stack([.. value.EnumerateArray().Select(ToTensor)])
            : tensor(value.EnumerateArray().Select(v => v.GetSingle()).ToArray());
    }

    private static Tensor Mask(Tensor numbers) => numbers > 0;

    private static double Number(JsonElement settings, string name) => settings.GetProperty(name).GetDouble();

    /// <summary>Adds one score a row at the row's last token that counts.</summary>
    private static void AddAtLast(Tensor rewards, Tensor mask, Tensor scores)
    {
        var places = arange(mask.shape[1]).unsqueeze(0).expand_as(mask).masked_fill(mask.logical_not(), -1).max(1).values; // [B]
        rewards.scatter_add_(1, places.unsqueeze(1), scores.unsqueeze(1));
    }

    private static void Near(Tensor expected, Tensor actual, double tolerance = Tolerance)
    {
        var difference = (expected - actual.detach()).abs() / expected.abs().clamp_min(1);
        Assert.InRange(difference.max().item<float>(), 0, tolerance);
    }
}
