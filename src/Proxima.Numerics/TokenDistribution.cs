using static TorchSharp.torch;

namespace Proxima.Numerics;

/// <summary>Log-probs and entropies of softmax(logits ÷ temperature), always in float32.</summary>
public static class TokenDistribution
{
    /// <summary>Log-softmax of logits ÷ temperature.</summary>
    /// <param name="logits">[N, V]</param>
    /// <param name="temperature">above 0</param>
    /// <returns>[N, V] float32</returns>
    public static Tensor LogSoftmax(Tensor logits, double temperature)
    {
        // float32: a 16-bit log-prob would be off by more than a PPO step moves it.
        var wide = logits.to_type(ScalarType.Float32);
        return special.log_softmax(temperature == 1 ? wide : wide / temperature, dim: -1);
    }

    /// <summary>The log-prob of one token a row.</summary>
    /// <param name="logSoftmax">[N, V]</param>
    /// <param name="tokens">[N] int64</param>
    /// <returns>[N]</returns>
    public static Tensor LogProbs(Tensor logSoftmax, Tensor tokens) =>
        logSoftmax.gather(-1, tokens.unsqueeze(-1)).squeeze(-1); // [N]

    /// <summary>Entropy −Σ p log p in nats.</summary>
    /// <param name="logSoftmax">[N, V]</param>
    /// <returns>[N]</returns>
    public static Tensor Entropies(Tensor logSoftmax) => -(logSoftmax.exp() * logSoftmax).sum(-1); // [N]
}
