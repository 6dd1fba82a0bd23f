using static TorchSharp.torch;

namespace Proxima.Numerics;

/// <summary>Some rows of logits on the CPU, on which log-probs, entropies and gradients are computed without a second tensor of their size.</summary>
internal sealed unsafe class LogitRows : ILogitRows
{
    private readonly Tensor _logits;
    private readonly long[] _tokens;
    private readonly float _inverseTemperature;
    private readonly float? _cap;
    private readonly float[] _logNormalizers;
    private readonly float[] _logProbs;
    private readonly float[] _entropies;
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
        _logProbs = new float[n];
        _entropies = new float[n];
        _isNarrow = logits.dtype == ScalarType.BFloat16;
        using var first = logits.view(-1).narrow(0, 0, 1);
        fixed (byte* address = first.bytes) // native memory: it does not move
        {
            _first = address;
        }

        ForEachRow(Read<Float32Logits>, Read<BFloat16Logits>);
        LogProbs = tensor(_logProbs).DetachFromDisposeScope();
        Entropies = tensor(_entropies).DetachFromDisposeScope();
    }

    /// <inheritdoc />
    public Tensor LogProbs { get; }

    /// <inheritdoc />
    public Tensor Entropies { get; }

    /// <summary>Replaces the logits by the gradient of a loss with respect to them.</summary>
    /// <returns>[n, V], the tensor that held the logits</returns>
    public Tensor Differentiate(Tensor logProbGradients, Tensor? entropyGradients)
    {
        float[] ofLogProbs = logProbGradients.data<float>().ToArray();
        float[]? ofEntropies = entropyGradients?.data<float>().ToArray();
        ForEachRow(Write<Float32Logits>, Write<BFloat16Logits>);
        return _logits;

        void Write<TFormat>(int row)
            where TFormat : ILogitFormat =>
            Row<TFormat>(row).Differentiate(
                _tokens[row], _logNormalizers[row], _entropies[row], ofLogProbs[row], ofEntropies?[row] ?? 0, _cap);
    }

    public void Dispose()
    {
        _logits.Dispose();
        LogProbs.Dispose();
        Entropies.Dispose();
    }

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
        _logProbs[row] = (float)(logits.Scaled(_tokens[row]) - logNormalizer);
        _entropies[row] = (float)entropy;
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
