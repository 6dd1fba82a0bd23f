using System.Runtime.Intrinsics;

namespace Proxima.Numerics;

/// <summary>
/// One row of logits: its soft cap, its log-normaliser with the entropy, and the gradient of a loss in place of the logits. Sums
/// over the vocabulary are float32 within a block and double across blocks.
/// </summary>
/// <param name="row">V logits</param>
/// <param name="V">vocabulary</param>
/// <param name="inverseTemperature">what logits are multiplied by</param>
internal readonly unsafe ref struct LogitRow<TFormat>(void* row, long V, float inverseTemperature)
    where TFormat : ILogitFormat
{
    private const int Lanes = 16;
    private const long Block = 4096;
    private const float LeastLogProb = -1e9f; // stands for −∞, whose share of an entropy would be no number

    /// <summary>cap · tanh(logit / cap), in place.</summary>
    public void Cap(float cap)
    {
        Vector512<float> twice = Vector512.Create(2 / cap);
        long j = 0;
        for (; j <= V - Lanes; j += Lanes)
        {
            // tanh x = 1 − 2 ÷ (e²ˣ + 1)
            Vector512<float> power = Vector512.Exp(TFormat.Load(row, j) * twice);
            TFormat.Store(row, j, cap * (Vector512<float>.One - (Vector512.Create(2f) / (power + Vector512<float>.One))));
        }

        for (; j < V; j++)
        {
            TFormat.StoreOne(row, j, cap * MathF.Tanh(TFormat.LoadOne(row, j) / cap));
        }
    }

    /// <summary>log Σ exp(z) of z = logit ÷ temperature, and the entropy of softmax(z).</summary>
    public (double LogNormalizer, double Entropy) Normalize()
    {
        float maximum = Maximum();
        double total = 0;
        double weighted = 0;
        for (long start = 0; start < V; start += Block)
        {
            (float blockTotal, float blockWeighted) = Sums(start, Math.Min(V, start + Block), maximum);
            total += blockTotal;
            weighted += blockWeighted;
        }

        double logTotal = Math.Log(total);
        return (maximum + logTotal, logTotal - (weighted / total)); // H = log Σ − Σ p (z − max)
    }

    /// <summary>z of one token.</summary>
    public float Scaled(long token) => TFormat.LoadOne(row, token) * inverseTemperature;

    /// <summary>
    /// Puts the gradient of the loss with respect to each logit in its place:
    /// (g (1[j = token] − p_j) − h p_j (log p_j + H)) ÷ temperature, times the derivative of the cap.
    /// </summary>
    /// <param name="token">the row's token</param>
    /// <param name="logNormalizer">of <see cref="Normalize"/></param>
    /// <param name="entropy">H</param>
    /// <param name="g">gradient of the loss with respect to the token's log-prob</param>
    /// <param name="h">the same for the entropy</param>
    /// <param name="cap">soft cap; null: none</param>
    public void Differentiate(long token, float logNormalizer, float entropy, float g, float h, float? cap)
    {
        float atToken = Derivative(TFormat.LoadOne(row, token), cap) * g * inverseTemperature;
        float own = Gradient(TFormat.LoadOne(row, token), logNormalizer, entropy, g, h, cap) + atToken;
        Vector512<float> inverseCap = Vector512.Create(cap is float c ? 1 / c : 0);
        long j = 0;
        for (; j <= V - Lanes; j += Lanes)
        {
            Vector512<float> logit = TFormat.Load(row, j);
            Vector512<float> logProb = Vector512.Max((logit * inverseTemperature) - Vector512.Create(logNormalizer), Vector512.Create(LeastLogProb));
            Vector512<float> share = Vector512.Create(-g) - (h * (logProb + Vector512.Create(entropy)));
            Vector512<float> capped = logit * inverseCap;
            Vector512<float> slope = (Vector512<float>.One - (capped * capped)) * inverseTemperature;
            TFormat.Store(row, j, Vector512.Exp(logProb) * share * slope);
        }

        for (; j < V; j++)
        {
            TFormat.StoreOne(row, j, Gradient(TFormat.LoadOne(row, j), logNormalizer, entropy, g, h, cap));
        }

        TFormat.StoreOne(row, token, own);
    }

    private float Gradient(float logit, float logNormalizer, float entropy, float g, float h, float? cap)
    {
        float logProb = MathF.Max((logit * inverseTemperature) - logNormalizer, LeastLogProb);
        return MathF.Exp(logProb) * (-g - (h * (logProb + entropy))) * Derivative(logit, cap) * inverseTemperature;
    }

    private static float Derivative(float logit, float? cap) => cap is float c ? 1 - (logit / c * (logit / c)) : 1;

    private float Maximum()
    {
        Vector512<float> largest = Vector512.Create(float.NegativeInfinity);
        long j = 0;
        for (; j <= V - Lanes; j += Lanes)
        {
            largest = Vector512.Max(largest, TFormat.Load(row, j) * inverseTemperature);
        }

        float maximum = float.NegativeInfinity;
        for (int lane = 0; lane < Lanes; lane++)
        {
            maximum = MathF.Max(maximum, largest[lane]);
        }

        for (; j < V; j++)
        {
            maximum = MathF.Max(maximum, Scaled(j));
        }

        return maximum;
    }

    private (float Total, float Weighted) Sums(long start, long end, float maximum)
    {
        Vector512<float> totals = Vector512<float>.Zero;
        Vector512<float> weighteds = Vector512<float>.Zero;
        long j = start;
        for (; j <= end - Lanes; j += Lanes)
        {
            Vector512<float> below = (TFormat.Load(row, j) * inverseTemperature) - Vector512.Create(maximum);
            Vector512<float> power = Vector512.Exp(below);
            totals += power;
            weighteds += power * Vector512.Max(below, Vector512.Create(LeastLogProb));
        }

        (float total, float weighted) = (Vector512.Sum(totals), Vector512.Sum(weighteds));
        for (; j < end; j++)
        {
            float below = Scaled(j) - maximum;
            float power = MathF.Exp(below);
            total += power;
            weighted += power * MathF.Max(below, LeastLogProb);
        }

        return (total, weighted);
    }
}
