using Proxima.Core.Settings;
using Proxima.Numerics;
using static TorchSharp.torch;

namespace Proxima.Training;

/// <summary>
/// Which formula each setting chooses, from KL to losses. Presets are nothing but defaults of these settings, so whatever a
/// peer computes under its preset comes from here.
/// </summary>
public sealed class PpoFormulas(PpoSettings ppo)
{
    /// <summary>The KL estimate of each token, clamped to ± kl_clamp.</summary>
    /// <param name="logProbs">[B, R] under the policy that wrote the tokens</param>
    /// <param name="refLogProbs">[B, R] under the reference</param>
    /// <returns>[B, R]</returns>
    public Tensor Kl(Tensor logProbs, Tensor refLogProbs)
    {
        using var scope = NewDisposeScope();
        var kl = ppo.KlEstimator switch
        {
            KlEstimator.K1 => KlDivergence.K1(logProbs, refLogProbs),
            KlEstimator.K2 => KlDivergence.K2(logProbs, refLogProbs),
            KlEstimator.K3 => KlDivergence.K3(logProbs, refLogProbs),
            _ => throw new InvalidOperationException($"kl_estimator {ppo.KlEstimator}"),
        };
        return (ppo.KlClamp is double limit ? kl.clamp(-limit, limit) : kl).MoveToOuterDisposeScope();
    }

    /// <summary>The reward of each token: −c · KL, and the sequence's score on one slot.</summary>
    /// <param name="logProbs">[B, R] under the policy that wrote the tokens</param>
    /// <param name="refLogProbs">[B, R] under the reference</param>
    /// <param name="klCoefficient">c</param>
    /// <param name="scoreSlots">[B] int64 the slot of each row that receives its score</param>
    /// <param name="scores">[B] float32</param>
    /// <returns>[B, R]</returns>
    public Tensor Rewards(Tensor logProbs, Tensor refLogProbs, double klCoefficient, Tensor scoreSlots, Tensor scores)
    {
        using var scope = NewDisposeScope();
        var rewards = Kl(logProbs, refLogProbs) * -klCoefficient; // [B, R]
        return rewards.scatter_add(1, scoreSlots.unsqueeze(1), scores.unsqueeze(1)).MoveToOuterDisposeScope();
    }

    /// <summary>GAE with the rule of gae_gaps, before whitening.</summary>
    /// <param name="rewards">[B, R]</param>
    /// <param name="values">[B, R]</param>
    /// <param name="mask">[B, R] true where a value counts</param>
    /// <returns>[B, R], 0 where masked</returns>
    public Tensor Advantages(Tensor rewards, Tensor values, Tensor mask) => ppo.GaeGaps switch
    {
        GaeGaps.Carry => AdvantageEstimation.CarryOverGaps(rewards, values, mask, ppo.Gamma, ppo.GaeLambda),
        GaeGaps.Zero => AdvantageEstimation.ZeroAtGaps(rewards, values, mask, ppo.Gamma, ppo.GaeLambda),
        _ => throw new InvalidOperationException($"gae_gaps {ppo.GaeGaps}"),
    };

    /// <summary>Advantages whitened over the tokens that count, where normalize_advantage asks for it; 0 elsewhere.</summary>
    /// <param name="advantages">[B, R] of the whole rollout</param>
    /// <param name="mask">[B, R] true at response tokens</param>
    /// <returns>[B, R]</returns>
    public Tensor Whiten(Tensor advantages, Tensor mask) => (ppo.NormalizeAdvantage, ppo.WhitenVariance) switch
    {
        (false, _) => MaskedStatistics.Keep(advantages, mask),
        (true, WhitenVariance.Unbiased) => MaskedStatistics.Whiten(advantages, mask),
        (true, _) => MaskedStatistics.WhitenBiased(advantages, mask),
    };

    /// <summary>The actor's loss of each token: clipped surrogate, with the dual clip where there is one.</summary>
    /// <param name="ratio">any shape</param>
    /// <param name="advantages">the same shape</param>
    public Tensor PolicyLosses(Tensor ratio, Tensor advantages)
    {
        var losses = ppo.ClipRangeRatio is double clip
            ? PolicyObjective.ClippedSurrogate(ratio, advantages, clip)
            : PolicyObjective.Surrogate(ratio, advantages);
        return ppo.DualClip is double bound ? PolicyObjective.DualClip(losses, advantages, bound) : losses;
    }

    /// <summary>True where the clip decided the actor's loss; null without a clip.</summary>
    public Tensor? PolicyIsClipped(Tensor ratio, Tensor advantages) =>
        ppo.ClipRangeRatio is double clip ? PolicyObjective.IsClipped(ratio, advantages, clip) : null;

    /// <summary>The critic's loss of each token.</summary>
    /// <param name="values">any shape</param>
    /// <param name="oldValues">the same shape: the values of the rollout</param>
    /// <param name="returns">the same shape</param>
    public Tensor ValueLosses(Tensor values, Tensor oldValues, Tensor returns) => ppo.ClipRangeValue is double clip
        ? ValueObjective.Clipped(values, oldValues, returns, clip)
        : ValueObjective.SquaredError(values, returns);

    /// <summary>True where the clip decided the critic's loss; null without a clip.</summary>
    public Tensor? ValueIsClipped(Tensor values, Tensor oldValues, Tensor returns) =>
        ppo.ClipRangeValue is double clip ? ValueObjective.IsClipped(values, oldValues, returns, clip) : null;

    /// <summary>
    /// What a token's loss is multiplied by, so that the gradients of all micro-batches add up to those of the loss: 1 ÷ tokens of
    /// the optimizer step, or 1 ÷ (tokens of the micro-batch × micro-batches).
    /// </summary>
    /// <param name="stepTokens">tokens that count in the optimizer step</param>
    /// <param name="microBatchTokens">tokens that count in the micro-batch</param>
    /// <param name="microBatches">micro-batches of the optimizer step</param>
    public double TokenWeight(double stepTokens, double microBatchTokens, int microBatches) => ppo.LossAggregation switch
    {
        LossAggregation.Token => 1.0 / stepTokens,
        LossAggregation.MicroBatch => 1.0 / (microBatchTokens * microBatches),
        _ => throw new InvalidOperationException($"loss_aggregation {ppo.LossAggregation}"),
    };
}
