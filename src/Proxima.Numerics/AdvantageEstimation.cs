using static TorchSharp.torch;

namespace Proxima.Numerics;

/// <summary>
/// Generalised advantage estimation (Schulman et al. 2016, eq. 16), right to left:
/// δ_t = r_t + γ V_{t+1} − V_t, A_t = δ_t + γλ A_{t+1}; the state after the last token has the value 0.
/// <c>values[t]</c> is the value of the state before token t.
/// </summary>
public static class AdvantageEstimation
{
    /// <summary>A masked slot inside a response is passed over: V_{t+1} and A_{t+1} are those of the next token that counts.</summary>
    /// <param name="rewards">[B, R]</param>
    /// <param name="values">[B, R]</param>
    /// <param name="mask">[B, R] true where the token counts</param>
    /// <param name="gamma">discount γ</param>
    /// <param name="lambda">λ</param>
    /// <returns>[B, R], 0 where masked</returns>
    public static Tensor CarryOverGaps(Tensor rewards, Tensor values, Tensor mask, double gamma, double lambda) =>
        Estimate(rewards, values, mask, gamma, lambda, carry: true);

    /// <summary>A masked slot inside a response is a step with reward 0 and value 0, as in PaddleNLP and OpenRLHF.</summary>
    /// <param name="rewards">[B, R]</param>
    /// <param name="values">[B, R]</param>
    /// <param name="mask">[B, R] true where the token counts</param>
    /// <param name="gamma">discount γ</param>
    /// <param name="lambda">λ</param>
    /// <returns>[B, R], 0 where masked</returns>
    public static Tensor ZeroAtGaps(Tensor rewards, Tensor values, Tensor mask, double gamma, double lambda) =>
        Estimate(rewards, values, mask, gamma, lambda, carry: false);

    private static Tensor Estimate(Tensor rewards, Tensor values, Tensor mask, double gamma, double lambda, bool carry)
    {
        Shapes.RequireSame(rewards, values, nameof(rewards), nameof(values));
        Shapes.RequireSame(rewards, mask, nameof(rewards), nameof(mask));
        using var scope = NewDisposeScope();
        long R = rewards.shape[1];
        var keptRewards = MaskedStatistics.Keep(rewards, mask);
        var keptValues = MaskedStatistics.Keep(values, mask);
        var nextValue = zeros_like(keptValues.select(1, 0)); // [B]
        var nextAdvantage = zeros_like(nextValue); // [B]
        var columns = new Tensor[R];
        for (long t = R - 1; t >= 0; t--)
        {
            var counts = mask.select(1, t); // [B]
            var value = keptValues.select(1, t);
            var delta = keptRewards.select(1, t) + (nextValue * gamma) - value;
            var advantage = delta + (nextAdvantage * (gamma * lambda));
            columns[t] = MaskedStatistics.Keep(advantage, counts);
            nextValue = carry ? where(counts, value, nextValue) : value;
            nextAdvantage = carry ? where(counts, advantage, nextAdvantage) : advantage;
        }

        return stack(columns, dim: 1).MoveToOuterDisposeScope(); // [B, R]
    }
}
