using Proxima.Numerics;
using static TorchSharp.torch;

namespace Proxima.Tests.Training.Peers;

/// <summary>What the loss head makes of recorded logits: it multiplies them by the identity, which gives them back to the bit.</summary>
internal static class PeerLogits
{
    /// <summary>Log-probs of tokens.</summary>
    /// <param name="logits">[…, V]</param>
    /// <param name="tokens">[…] ids</param>
    /// <param name="temperature">divides the logits</param>
    /// <returns>[…]</returns>
    public static Tensor LogProbs(Tensor logits, Tensor tokens, double temperature) =>
        Evaluate(logits, tokens.to_type(ScalarType.Int64), temperature).LogProbs.view(tokens.shape);

    /// <summary>Entropies of softmax(logits).</summary>
    /// <param name="logits">[…, V]</param>
    /// <returns>[…]</returns>
    public static Tensor Entropies(Tensor logits)
    {
        long[] shape = logits.shape[..^1];
        return Evaluate(logits, zeros(shape, dtype: ScalarType.Int64), temperature: 1).Entropies.view(shape);
    }

    private static (Tensor LogProbs, Tensor Entropies) Evaluate(Tensor logits, Tensor tokens, double temperature)
    {
        long V = logits.shape[^1];
        return ChunkedHead.Evaluate(new VocabularyHead(eye(V)), logits.reshape(-1, V), tokens.reshape(-1), temperature);
    }
}
