using static TorchSharp.torch;

namespace Proxima.Numerics;

/// <summary>
/// Sums, means, variances and whitening over the tokens that count. What a masked place holds, NaN included, never matters,
/// and a mask without a true gives 0.
/// </summary>
public static class MaskedStatistics
{
    /// <summary>Added to the deviation when whitening, so that a constant batch stays finite.</summary>
    public const double WhiteningEpsilon = 1e-8;

    /// <summary>The values where the token counts, 0 elsewhere.</summary>
    /// <param name="values">[B, R]</param>
    /// <param name="mask">[B, R] true where the token counts</param>
    /// <returns>[B, R]</returns>
    public static Tensor Keep(Tensor values, Tensor mask)
    {
        Shapes.RequireSame(values, mask, nameof(values), nameof(mask));
        return values.masked_fill(mask.logical_not(), 0);
    }

    /// <summary>Mean over the tokens that count.</summary>
    /// <param name="values">[B, R]</param>
    /// <param name="mask">[B, R] true where the token counts</param>
    /// <returns>scalar</returns>
    public static Tensor Mean(Tensor values, Tensor mask)
    {
        using var scope = NewDisposeScope();
        return (Keep(values, mask).sum() / Count(mask).clamp_min(1)).MoveToOuterDisposeScope();
    }

    /// <summary>Σ(x − μ)² ÷ (n − 1) over the tokens that count.</summary>
    /// <param name="values">[B, R]</param>
    /// <param name="mask">[B, R] true where the token counts</param>
    /// <returns>scalar</returns>
    public static Tensor UnbiasedVariance(Tensor values, Tensor mask) => SquaredDeviations(values, mask, fewerBy: 1);

    /// <summary>Σ(x − μ)² ÷ n over the tokens that count.</summary>
    /// <param name="values">[B, R]</param>
    /// <param name="mask">[B, R] true where the token counts</param>
    /// <returns>scalar</returns>
    public static Tensor BiasedVariance(Tensor values, Tensor mask) => SquaredDeviations(values, mask, fewerBy: 0);

    /// <summary>(x − μ) ÷ (σ + 1e-8) with the unbiased σ over the tokens that count; 0 elsewhere; one token is left as it is.</summary>
    /// <param name="values">[B, R]</param>
    /// <param name="mask">[B, R] true where the token counts</param>
    /// <returns>[B, R]</returns>
    public static Tensor Whiten(Tensor values, Tensor mask) => Whiten(values, mask, UnbiasedVariance);

    /// <summary>The same with the biased σ, as OpenRLHF has it.</summary>
    /// <param name="values">[B, R]</param>
    /// <param name="mask">[B, R] true where the token counts</param>
    /// <returns>[B, R]</returns>
    public static Tensor WhitenBiased(Tensor values, Tensor mask) => Whiten(values, mask, BiasedVariance);

    private static Tensor Whiten(Tensor values, Tensor mask, Func<Tensor, Tensor, Tensor> variance)
    {
        using var scope = NewDisposeScope();
        if (Count(mask).item<float>() <= 1)
        {
            return Keep(values, mask).MoveToOuterDisposeScope();
        }

        var kept = Keep(values, mask);
        var whitened = (kept - Mean(kept, mask)) / (variance(kept, mask).sqrt() + WhiteningEpsilon);
        return Keep(whitened, mask).MoveToOuterDisposeScope();
    }

    private static Tensor SquaredDeviations(Tensor values, Tensor mask, int fewerBy)
    {
        using var scope = NewDisposeScope();
        var deviations = Keep(Keep(values, mask) - Mean(values, mask), mask);
        return (deviations.square().sum() / (Count(mask) - fewerBy).clamp_min(1)).MoveToOuterDisposeScope();
    }

    private static Tensor Count(Tensor mask) => mask.sum(ScalarType.Float32);
}
