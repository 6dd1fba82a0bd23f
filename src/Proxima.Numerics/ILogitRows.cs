using static TorchSharp.torch;

namespace Proxima.Numerics;

/// <summary>Some rows of logits with the log-probs of a token each, and the way back from those to the logits.</summary>
internal interface ILogitRows : IDisposable
{
    /// <summary>[n] float32 log-probs of the tokens under softmax(logits ÷ temperature).</summary>
    public Tensor LogProbs { get; }

    /// <summary>[n] float32 entropies of that distribution in nats.</summary>
    public Tensor Entropies { get; }

    /// <summary>The gradient of a loss with respect to the logits, which may be overwritten by it.</summary>
    /// <param name="logProbGradients">[n] with respect to <see cref="LogProbs"/></param>
    /// <param name="entropyGradients">[n] with respect to <see cref="Entropies"/>; null: the loss does not read them</param>
    /// <returns>[n, V] in the type of the logits</returns>
    public Tensor Differentiate(Tensor logProbGradients, Tensor? entropyGradients);
}
