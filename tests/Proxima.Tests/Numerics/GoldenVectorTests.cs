using Proxima.Numerics;
using static TorchSharp.torch;

namespace Proxima.Tests.Numerics;

/// <summary>Vectors computed by hand, independently of any implementation (G1 to G9).</summary>
public sealed class GoldenVectorTests
{
    private const double Tolerance = 2e-6;

    [Fact]
    public void G1_rewards_advantages_returns_and_losses_of_one_padded_sequence()
    {
        using var scope = NewDisposeScope();
        var mask = Mask([0, 0, 1, 1, 1, 0]);
        var logProbs = Row([-9, -9, -1, -2, -0.5f, -7]);
        var refLogProbs = Row([-9, -9, -1.2f, -1.5f, -0.5f, -7]);
        var values = Row([0.3f, 0.1f, 0.2f, 0.4f, -0.1f, 0.9f]);
        var kl = MaskedStatistics.Keep(KlDivergence.K1(logProbs, refLogProbs), mask);
        var rewards = kl * -0.02;
        rewards[0, 4] += 10; // the score 12, clipped to 10
        Near([0, 0, -0.004f, 0.01f, 10, 0], rewards);
        Assert.Equal(-0.3, kl.sum().item<float>(), Tolerance);
        Assert.Equal(-0.1, MaskedStatistics.Mean(kl, mask).item<float>(), Tolerance);

        var advantages = AdvantageEstimation.CarryOverGaps(rewards, values, mask, gamma: 1, lambda: 0.95);
        Near([0, 0, 8.84575f, 9.105f, 10.1f, 0], advantages);
        Near([0, 0, 9.04575f, 9.505f, 10, 0], MaskedStatistics.Keep(advantages + values, mask));
        Near([0, 0, -0.761952f, -0.370404f, 1.132356f, 0], MaskedStatistics.Whiten(advantages, mask));

        var newLogProbs = Row([0, 0, -0.7f, -2.5f, -0.5f, 0]);
        var ratio = PolicyObjective.Ratio(newLogProbs, logProbs);
        var actorLoss = MaskedStatistics.Mean(PolicyObjective.ClippedSurrogate(ratio, advantages, 0.2), mask);
        Assert.Equal(-8.745787, actorLoss.item<float>(), 5e-6);
        var criticLoss = ValueObjective.Clipped(Row([0, 0, 6, 4, 8, 0]), values, advantages + values, 5);
        Assert.Equal(11.850803, MaskedStatistics.Mean(criticLoss, mask).item<float>(), 5e-6);
    }

    [Fact]
    public void G3_with_the_score_after_the_eos()
    {
        using var scope = NewDisposeScope();
        TwoSequences two = new();
        var rewards = two.Kl * -0.05;
        rewards[0, 3] += 1.5;
        rewards[1, 4] += -0.5;
        Near([-0.4f, 0.5f], two.Kl.sum(1), Tolerance);
        var advantages = AdvantageEstimation.CarryOverGaps(rewards, two.Values, two.ValueMask, 1, 0.95);
        Near([1.245675f, 1.2165f, 1.17f, 1.1f, 0, -0.428817f, -0.335597f, -0.674312f, -0.58875f, -0.325f], advantages);
        var returns = MaskedStatistics.Keep(advantages + two.Values, two.ValueMask);
        Near([1.345675f, 1.4165f, 1.47f, 1.5f], returns.flatten().narrow(0, 0, 4));
        var whitened = MaskedStatistics.Whiten(advantages, two.TokenMask);
        Near([1.236226f, 1.203006f, 1.15006f], whitened.flatten().narrow(0, 0, 3));

        var ratio = PolicyObjective.Ratio(two.NewLogProbs, two.LogProbs);
        double policyLoss = two.TokenMean(PolicyObjective.ClippedSurrogate(ratio, whitened, 0.2));
        Assert.Equal(0.046836, policyLoss, Tolerance);
        Assert.Equal(0.25, two.TokenMean(PolicyObjective.IsClipped(ratio, whitened, 0.2).to_type(ScalarType.Float32)), Tolerance);
        Assert.Equal(0.038438, two.TokenMean(PolicyObjective.ApproxKl(two.NewLogProbs, two.LogProbs)), Tolerance);
        double valueLoss = MaskedStatistics.Mean(
            ValueObjective.Clipped(two.NewValues, two.Values, returns, 0.2), two.ValueMask).item<float>();
        Assert.Equal(0.381717, valueLoss, Tolerance);
        Assert.Equal(0.085008, policyLoss + (0.1 * valueLoss), Tolerance);
    }

    [Fact]
    public void G3_with_the_score_on_the_last_token()
    {
        using var scope = NewDisposeScope();
        TwoSequences two = new();
        var rewards = two.Kl * -0.05;
        rewards[0, 2] += 1.5;
        rewards[1, 4] += -0.5;
        var advantages = AdvantageEstimation.CarryOverGaps(rewards, two.Values, two.TokenMask, 1, 0.95);
        Near([1.295312f, 1.26875f, 1.225f], advantages.flatten().narrow(0, 0, 3));
        var ratio = PolicyObjective.Ratio(two.NewLogProbs, two.LogProbs);
        double Loss(Tensor a) => two.TokenMean(PolicyObjective.ClippedSurrogate(ratio, a, 0.2));
        Assert.Equal(0.046441, Loss(MaskedStatistics.Whiten(advantages, two.TokenMask)), Tolerance);
        Assert.Equal(0.049647, Loss(MaskedStatistics.WhitenBiased(advantages, two.TokenMask)), Tolerance);
        Assert.Equal(-0.148819, Loss(advantages), Tolerance);
        var returns = advantages + two.Values;
        double ValueLoss(double clip) => two.TokenMean(ValueObjective.Clipped(two.NewValues, two.Values, returns, clip));
        Assert.Equal(0.383484, ValueLoss(0.2), Tolerance);
        Assert.Equal(0.358376, ValueLoss(0.5), Tolerance);
        Assert.Equal(0.358376, ValueLoss(5), Tolerance);

        var losses = PolicyObjective.ClippedSurrogate(ratio, MaskedStatistics.Whiten(advantages, two.TokenMask), 0.2);
        double meanOfMeans = Enumerable.Range(0, 2).Average(row =>
            MaskedStatistics.Mean(losses[row], two.TokenMask[row]).item<float>());
        Assert.Equal(-0.205524, meanOfMeans, Tolerance);
    }

    [Fact]
    public void G4_a_gap_inside_a_response_is_carried_over_or_zero()
    {
        using var scope = NewDisposeScope();
        var rewards = Row([0, 0, 0, 0, 1]);
        var values = Row([0.1f, 0.2f, 999, 0.4f, 0.5f]);
        var mask = Mask([1, 1, 0, 1, 1]);
        Near([0.782324f, 0.727618f, 0, 0.56525f, 0.5f], AdvantageEstimation.CarryOverGaps(rewards, values, mask, 0.99, 0.95));
        Near([0.730415f, 0.672424f, 0, 0.56525f, 0.5f], AdvantageEstimation.ZeroAtGaps(rewards, values, mask, 0.99, 0.95));
    }

    [Fact]
    public void G5_masked_statistics()
    {
        using var scope = NewDisposeScope();
        var values = Row([float.NaN, 2, 3, float.PositiveInfinity]);
        var mask = Mask([0, 1, 1, 0]);
        Assert.Equal(2.5, MaskedStatistics.Mean(values, mask).item<float>(), Tolerance);
        Assert.Equal(0.5, MaskedStatistics.UnbiasedVariance(values, mask).item<float>(), Tolerance);
        Assert.Equal(0.25, MaskedStatistics.BiasedVariance(values, mask).item<float>(), Tolerance);
        Near([0, -0.707107f, 0.707107f, 0], MaskedStatistics.Whiten(values, mask));

        var none = Mask([0, 0, 0, 0]);
        Assert.Equal(0, MaskedStatistics.Mean(values, none).item<float>());
        Near([0, 0, 0, 0], MaskedStatistics.Whiten(values, none));
        Near([0, 2, 0, 0], MaskedStatistics.Whiten(values, Mask([0, 1, 0, 0])));
    }

    [Fact]
    public void G6_surrogate_and_dual_clip()
    {
        using var scope = NewDisposeScope();
        var losses = PolicyObjective.ClippedSurrogate(Row([0.5f, 1, 1.5f]), Row([1, -1, 2]), 0.2);
        Assert.Equal(-0.6333, losses.mean().item<float>(), 5e-5);
        var advantages = Row([1, -1, -4]);
        var dual = PolicyObjective.DualClip(
            PolicyObjective.ClippedSurrogate(Row([0.5f, 1, 10]), advantages, 0.2), advantages, 3);
        Near([-0.5f, 1, 12], dual);
        Assert.Equal(4.1667, dual.mean().item<float>(), 5e-5);
    }

    [Fact]
    public void G7_kl_estimators()
    {
        using var scope = NewDisposeScope();
        var logProbs = Row([-1, -1, -1]);
        var refLogProbs = Row([0, -15, -30]);
        Near([-1, 14, 29], KlDivergence.K1(logProbs, refLogProbs));
        Near([0.5f, 98, 420.5f], KlDivergence.K2(logProbs, refLogProbs));
        Near([0.7183f, 13, 28], KlDivergence.K3(logProbs, refLogProbs), 5e-5);
    }

    [Fact]
    public void G8_a_token_mean_over_ranks_divides_by_the_tokens_of_all_ranks()
    {
        using var scope = NewDisposeScope();
        var losses = tensor(new float[,] { { 1, 2, 0 }, { 3, 4, 5 }, { 7, 0, 0 } });
        var mask = tensor(new bool[,] { { true, true, false }, { true, true, true }, { true, false, false } });
        double sums = new[] { (0, 2), (2, 1) }.Sum(rank => MaskedStatistics.Keep(
            losses.narrow(0, rank.Item1, rank.Item2), mask.narrow(0, rank.Item1, rank.Item2)).sum().item<float>());
        Assert.Equal(22.0 / 6, sums / mask.sum().item<long>(), Tolerance);
        Assert.Equal(22.0 / 6, MaskedStatistics.Mean(losses, mask).item<float>(), Tolerance);
    }

    private static Tensor Row(float[] values) => tensor(values).unsqueeze(0);

    private static Tensor Mask(int[] values) => tensor(values.Select(v => v == 1).ToArray()).unsqueeze(0);

    private static void Near(float[] expected, Tensor actual, double tolerance = 5e-6)
    {
        float[] values = actual.flatten().data<float>().ToArray();
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], values[i], tolerance * Math.Max(1, Math.Abs(expected[i])));
        }
    }

    /// <summary>G3: lengths 3 (ends in eos) and 5 (no eos); slot 3 of the first is the one after its eos.</summary>
    private sealed class TwoSequences
    {
        public Tensor TokenMask { get; } = tensor(new bool[,] { { true, true, true, false, false }, { true, true, true, true, true } });

        public Tensor ValueMask { get; } = tensor(new bool[,] { { true, true, true, true, false }, { true, true, true, true, true } });

        public Tensor LogProbs { get; } = tensor(new float[,] { { -1, -0.5f, -2, 0, 0 }, { -0.7f, -1.1f, -0.3f, -2.2f, -0.9f } });

        public Tensor RefLogProbs { get; } = tensor(new float[,] { { -1.2f, -0.4f, -1.5f, 0, 0 }, { -0.9f, -1, -0.6f, -1.8f, -1.4f } });

        public Tensor NewLogProbs { get; } = tensor(new float[,] { { -0.9f, -0.8f, -1.7f, 0, 0 }, { -0.75f, -1, -0.35f, -1.7f, -1.3f } });

        public Tensor Values { get; } = tensor(new float[,] { { 0.1f, 0.2f, 0.3f, 0.4f, 0 }, { 0, -0.1f, 0.2f, 0.1f, -0.2f } });

        public Tensor NewValues { get; } = tensor(new float[,] { { 0.15f, 0.6f, 0.25f, 0.45f, 0 }, { 0.1f, -0.5f, 0.3f, 0, 0.3f } });

        public Tensor Kl => KlDivergence.K1(LogProbs, RefLogProbs);

        public double TokenMean(Tensor values) => MaskedStatistics.Mean(values, TokenMask).item<float>();
    }
}
