using static TorchSharp.torch;

namespace Proxima.Numerics;

/// <summary>Some rows of logits on the CPU, on which log-probs, entropies and gradients are computed without a second tensor of their size.</summary>
internal sealed unsafe class LogitRows : IDisposable
{
    private readonly Tensor _logits;
    private readonly long[] _tokens;
    private readonly float _inverseTemperature;
    private readonly float? _cap;
    private readonly float[] _logNormalizers;
    private readonly byte* _first;
    private readonly bool _isNarrow;

    /// <param name="logits">[n, V] float32 or bfloat16, contiguous; overwritten</param>
    /// <param name="tokens">[n] ids</param>
    /// <param name="temperature">divides the logits</param>
    /// <param name="softCap">of the head</param>
    public LogitRows(Tensor logits, long[] tokens, double temperature, double? softCap)
    {
        if (logits.shape is not [var n, _] || n != tokens.Length || logits.dtype is not (ScalarType.Float32 or ScalarType.BFloat16))
        {
            throw new ArgumentException($"logits is {logits.dtype} [{string.Join(", ", logits.shape)}], [{tokens.Length}, V] of float32 or bfloat16 expected", nameof(logits));
        }

        int wrong = Array.FindIndex(tokens, token => token < 0 || token >= logits.shape[1]);
        if (wrong >= 0)
        {
            throw new ArgumentException($"token {wrong} is {tokens[wrong]}; an id in [0, {logits.shape[1]}) was expected", nameof(tokens));
        }

        _logits = logits;
        _tokens = tokens;
        _inverseTemperature = (float)(1 / temperature);
        _cap = (float?)softCap;
        _logNormalizers = new float[n];
        LogProbs = new float[n];
        Entropies = new float[n];
        _isNarrow = logits.dtype == ScalarType.BFloat16;
        using var first = logits.view(-1).narrow(0, 0, 1);
        fixed (byte* address = first.bytes) // native memory: it does not move
        {
            _first = address;
        }

        ForEachRow(Read<Float32Logits>, Read<BFloat16Logits>);
    }

    /// <summary>[n] log-probs of the tokens under softmax(logits ÷ temperature).</summary>
    public float[] LogProbs { get; }

    /// <summary>[n] its entropies in nats.</summary>
    public float[] Entropies { get; }

    /// <summary>Replaces the logits by the gradient of a loss with respect to them.</summary>
    /// <param name="logProbGradients">[n] with respect to <see cref="LogProbs"/></param>
    /// <param name="entropyGradients">[n] with respect to <see cref="Entropies"/>; null: the loss does not read them</param>
    /// <returns>[n, V], the tensor that held the logits</returns>
    public Tensor Differentiate(float[] logProbGradients, float[]? entropyGradients)
    {
        ForEachRow(Write<Float32Logits>, Write<BFloat16Logits>);
        return _logits;

        void Write<TFormat>(int row)
            where TFormat : ILogitFormat =>
            Row<TFormat>(row).Differentiate(
                _tokens[row], _logNormalizers[row], Entropies[row], logProbGradients[row], entropyGradients?[row] ?? 0, _cap);
    }

    public void Dispose() => _logits.Dispose();

    private void Read<TFormat>(int row)
        where TFormat : ILogitFormat
    {
        LogitRow<TFormat> logits = Row<TFormat>(row);
        if (_cap is float cap)
        {
            logits.Cap(cap);
        }

        (double logNormalizer, double entropy) = logits.Normalize();
        _logNormalizers[row] = (float)logNormalizer;
        LogProbs[row] = (float)(logits.Scaled(_tokens[row]) - logNormalizer);
        Entropies[row] = (float)entropy;
    }

    private LogitRow<TFormat> Row<TFormat>(int row)
        where TFormat : ILogitFormat
    {
        long V = _logits.shape[1];
        return new(_first + (row * V * TFormat.Size), V, _inverseTemperature);
    }

    private void ForEachRow(Action<int> wide, Action<int> narrow)
    {
        int threads = Math.Clamp(get_num_threads(), 1, _tokens.Length);
        Action<int> work = _isNarrow ? narrow : wide;
        Parallel.For(0, threads, thread =>
        {
            for (int row = thread; row < _tokens.Length; row += threads)
            {
                work(row);
            }
        });
    }
}
