using static TorchSharp.torch;

namespace Proxima.Numerics;

/// <summary>
/// Estimators of the KL divergence of a sampled token from its log-probs under the policy and the reference
/// (J. Schulman, "Approximating KL divergence", 2020), elementwise.
/// </summary>
public static class KlDivergence
{
    /// <summary>k1 = lp − ref: unbiased, of either sign.</summary>
    public static Tensor K1(Tensor logProbs, Tensor refLogProbs) => logProbs - refLogProbs;

    /// <summary>k2 = ½ k1².</summary>
    public static Tensor K2(Tensor logProbs, Tensor refLogProbs)
    {
        using var scope = NewDisposeScope();
        return K1(logProbs, refLogProbs).square().mul(0.5).MoveToOuterDisposeScope();
    }

    /// <summary>k3 = exp(−k1) − 1 + k1: unbiased and never negative.</summary>
    public static Tensor K3(Tensor logProbs, Tensor refLogProbs)
    {
        using var scope = NewDisposeScope();
        var k1 = K1(logProbs, refLogProbs);
        return ((-k1).expm1() + k1).MoveToOuterDisposeScope();
    }
}
