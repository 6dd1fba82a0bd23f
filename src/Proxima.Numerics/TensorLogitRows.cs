using static TorchSharp.torch;

namespace Proxima.Numerics;

/// <summary>Rows of logits on any device, by tensor operations: a few tensors of their size in float32 at a time.</summary>
internal sealed class TensorLogitRows : ILogitRows
{
    private const double LeastLogProb = -1e9; // stands for −∞, whose share of an entropy would be no number

    private readonly Tensor _logits; // [n, V]
    private readonly Tensor _tokens; // [n, 1]
    private readonly Tensor _allLogProbs; // [n, V]
    private readonly double _temperature;
    private readonly double? _softCap;

    /// <param name="logits">[n, V]</param>
    /// <param name="tokens">[n] int64, on the same device</param>
    /// <param name="temperature">divides the logits</param>
    /// <param name="softCap">of the head</param>
    public TensorLogitRows(Tensor logits, Tensor tokens, double temperature, double? softCap)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        (_logits, _temperature, _softCap) = (logits, temperature, softCap);
        _tokens = tokens.unsqueeze(1).DetachFromDisposeScope();
        _allLogProbs = Capped().div(temperature).log_softmax(1).clamp_min(LeastLogProb).DetachFromDisposeScope();
        LogProbs = _allLogProbs.gather(1, _tokens).squeeze(1).DetachFromDisposeScope();
        Entropies = _allLogProbs.exp().mul(_allLogProbs).sum(1).neg().DetachFromDisposeScope();
    }

    /// <inheritdoc />
    public Tensor LogProbs { get; }

    /// <inheritdoc />
    public Tensor Entropies { get; }

    /// <inheritdoc />
    public Tensor Differentiate(Tensor logProbGradients, Tensor? entropyGradients)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();

        // z = logit ÷ temperature: ∂lp/∂z = [token] − p and ∂H/∂z = −p (log p + H).
        var shares = _allLogProbs.exp(); // [n, V]
        var weights = logProbGradients.unsqueeze(1).neg().expand(-1, shares.shape[1]); // [n, V]
        if (entropyGradients is not null)
        {
            weights = weights.sub(_allLogProbs.add(Entropies.unsqueeze(1)).mul(entropyGradients.unsqueeze(1)));
        }

        var gradient = shares.mul(weights).scatter_add(1, _tokens, logProbGradients.unsqueeze(1)).div(_temperature); // [n, V]
        if (_softCap is double cap)
        {
            gradient = gradient.mul(Capped().div(cap).square().neg().add(1)); // (cap · tanh(x ÷ cap))′ = 1 − tanh²
        }

        return gradient.to_type(_logits.dtype).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _logits.Dispose();
        _tokens.Dispose();
        _allLogProbs.Dispose();
        LogProbs.Dispose();
        Entropies.Dispose();
    }

    /// <returns>[n, V] float32: sums over the vocabulary lose too much in 16 bit</returns>
    private Tensor Capped()
    {
        var wide = _logits.to_type(ScalarType.Float32);
        return _softCap is double cap ? wide.div(cap).tanh().mul(cap) : wide;
    }
}
