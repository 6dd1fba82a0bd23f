using static TorchSharp.torch;

namespace Proxima.Numerics;

/// <summary>The critic's loss, token by token.</summary>
public static class ValueObjective
{
    /// <summary>½ (v − R)².</summary>
    public static Tensor SquaredError(Tensor values, Tensor returns) => (values - returns).square().mul(0.5);

    /// <summary>½ max((v − R)², (clip(v, v_old ± c) − R)²), as the PPO implementation of OpenAI baselines clips values.</summary>
    /// <param name="values">any shape</param>
    /// <param name="oldValues">the same shape: the values of the rollout</param>
    /// <param name="returns">the same shape</param>
    /// <param name="clipRange">c</param>
    public static Tensor Clipped(Tensor values, Tensor oldValues, Tensor returns, double clipRange) =>
        maximum(SquaredError(values, returns), SquaredError(Clip(values, oldValues, clipRange), returns));

    /// <summary>True where the clip decided the loss.</summary>
    public static Tensor IsClipped(Tensor values, Tensor oldValues, Tensor returns, double clipRange) =>
        SquaredError(Clip(values, oldValues, clipRange), returns) > SquaredError(values, returns);

    /// <summary>1 − Var(R − V) ÷ Var(R) over all elements: 1 is a perfect critic, 0 one that knows the mean alone.</summary>
    /// <param name="values">[N]</param>
    /// <param name="returns">[N]</param>
    /// <returns>scalar; 0 when the returns do not vary</returns>
    public static Tensor ExplainedVariance(Tensor values, Tensor returns)
    {
        using var scope = NewDisposeScope();
        var total = returns.var(unbiased: false);
        var left = (returns - values).var(unbiased: false);
        return where(total > 0, 1 - (left / total), zeros_like(total)).MoveToOuterDisposeScope();
    }

    /// <summary>Inside the range it gives v itself, to the bit: no token counts as clipped because v_old + (v − v_old) rounds.</summary>
    private static Tensor Clip(Tensor values, Tensor oldValues, double clipRange) =>
        minimum(maximum(values, oldValues - clipRange), oldValues + clipRange);
}
