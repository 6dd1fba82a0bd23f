using static TorchSharp.torch;

namespace Proxima.Numerics;

/// <summary>The actor's loss, token by token (Schulman et al. 2017, "Proximal policy optimization", eq. 7). Smaller is better.</summary>
public static class PolicyObjective
{
    /// <summary>ρ = exp(new − old).</summary>
    public static Tensor Ratio(Tensor newLogProbs, Tensor oldLogProbs) => (newLogProbs - oldLogProbs).exp();

    /// <summary>−A ρ: the surrogate without a clip (eq. 6).</summary>
    public static Tensor Surrogate(Tensor ratio, Tensor advantages) => -(advantages * ratio);

    /// <summary>max(−A ρ, −A clip(ρ, 1 ± ε)).</summary>
    /// <param name="ratio">any shape</param>
    /// <param name="advantages">the same shape</param>
    /// <param name="clipRange">ε</param>
    public static Tensor ClippedSurrogate(Tensor ratio, Tensor advantages, double clipRange) =>
        maximum(Surrogate(ratio, advantages), Surrogate(ratio.clamp(1 - clipRange, 1 + clipRange), advantages));

    /// <summary>Where A is negative, min(loss, −c A): a ratio that exploded cannot dominate (Ye et al. 2020, eq. 5).</summary>
    /// <param name="losses">what <see cref="ClippedSurrogate"/> gave</param>
    /// <param name="advantages">the same shape</param>
    /// <param name="bound">c, above 1</param>
    public static Tensor DualClip(Tensor losses, Tensor advantages, double bound) =>
        where(advantages < 0, minimum(losses, advantages * -bound), losses);

    /// <summary>True where the clip decided the loss.</summary>
    public static Tensor IsClipped(Tensor ratio, Tensor advantages, double clipRange) =>
        Surrogate(ratio.clamp(1 - clipRange, 1 + clipRange), advantages) > Surrogate(ratio, advantages);

    /// <summary>½ (new − old)², the estimate of KL(old ‖ new) that TRL logs as approx_kl.</summary>
    public static Tensor ApproxKl(Tensor newLogProbs, Tensor oldLogProbs) => KlDivergence.K2(newLogProbs, oldLogProbs);
}
