using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using Proxima.Core;

namespace Proxima.Generation;

/// <summary>
/// Turns the logits of one row into one token. Order: minimum length → repetition penalty → ÷ temperature → top-k → top-p →
/// softmax → one draw; at temperature 0 the likeliest token. Not thread-safe: one sampler a thread, since it owns its scratch memory.
/// </summary>
public sealed class TokenSampler
{
    /// <summary>Tokens whose shares are summed at once where nothing filters them.</summary>
    private const int PieceLength = 512;

    private readonly SamplingOptions _options;
    private readonly float[] _scores;
    private readonly float[] _probabilities;
    private readonly double[] _pieceSums;
    private readonly int[] _order;
    private readonly bool[] _seen;

    /// <param name="options">the processors</param>
    /// <param name="vocabularySize">V</param>
    public TokenSampler(SamplingOptions options, int vocabularySize)
    {
        _options = options;
        _scores = new float[vocabularySize];
        _probabilities = new float[vocabularySize];
        _pieceSums = new double[(vocabularySize + PieceLength - 1) / PieceLength];
        _order = new int[vocabularySize];
        _seen = new bool[vocabularySize];
    }

    /// <summary>The scores after all processors of the last call; −∞ marks a token that was put out.</summary>
    public ReadOnlySpan<float> Scores => _scores;

    /// <summary>The probabilities of the last call, over the whole vocabulary.</summary>
    public ReadOnlySpan<float> Probabilities => _probabilities;

    /// <summary>Draws a token: the first i in vocabulary order with c[i] &gt; u·c[V−1], c summed in double.</summary>
    /// <param name="logits">[V] raw logits</param>
    /// <param name="context">ids of prompt and response so far, without padding; read by the repetition penalty alone</param>
    /// <param name="newTokens">new tokens so far</param>
    /// <param name="uniform">u in [0, 1)</param>
    /// <returns>the token</returns>
    public int Sample(ReadOnlySpan<float> logits, IReadOnlyList<int> context, int newTokens, double uniform)
    {
        Process(logits, context, newTokens);
        return Pick(uniform);
    }

    /// <summary>
    /// Draws a token as <see cref="Sample"/> does and gives its log-prob and the entropy with it. Where no processor but the temperature acts, two
    /// passes over the logits do both, and <see cref="Scores"/> is left as it was.
    /// </summary>
    /// <param name="logits">[V] raw logits</param>
    /// <param name="context">ids of prompt and response so far, without padding; read by the repetition penalty alone</param>
    /// <param name="newTokens">new tokens so far</param>
    /// <param name="uniform">u in [0, 1)</param>
    /// <exception cref="NonFiniteException">the logits are not finite</exception>
    public DrawnToken Draw(ReadOnlySpan<float> logits, IReadOnlyList<int> context, int newTokens, double uniform)
    {
        if (_options.Temperature == 0)
        {
            return Greedy(logits, context, newTokens);
        }

        bool forbidsStops = newTokens < _options.MinNewTokens && _options.StopTokenIds.Count > 0;
        if (forbidsStops || _options.RepetitionPenalty != 1 || _options.TopK > 0 || _options.TopP < 1)
        {
            int token = Sample(logits, context, newTokens, uniform);
            (float logProb, float entropy) = LogProbAndEntropy(logits, token, _options.Temperature);
            return new(token, logProb, entropy);
        }

        return DrawUnfiltered(logits, uniform);
    }

    /// <summary>The processors and the softmax; fills <see cref="Scores"/> and <see cref="Probabilities"/>.</summary>
    public void Process(ReadOnlySpan<float> logits, IReadOnlyList<int> context, int newTokens)
    {
        ForbidAndPenalise(logits, context, newTokens);
        if (_options.Temperature != 1)
        {
            TensorPrimitives.Divide(_scores, (float)_options.Temperature, _scores);
        }

        if (_options.TopK > 0)
        {
            KeepTopK();
        }

        if (_options.TopP < 1)
        {
            KeepTopP();
        }

        Softmax(_scores, _probabilities);
    }

    /// <summary>The likeliest token after minimum length and repetition penalty, the first of those that tie, and its log-prob and entropy at temperature 1.</summary>
    private DrawnToken Greedy(ReadOnlySpan<float> logits, IReadOnlyList<int> context, int newTokens)
    {
        ForbidAndPenalise(logits, context, newTokens);
        int token = TensorPrimitives.IndexOfMax<float>(_scores);
        RequireFinite(_scores[token]);
        (float logProb, float entropy) = LogProbAndEntropy(logits, token, temperature: 1);
        return new(token, logProb, entropy);
    }

    /// <summary>The processors that act before the temperature; fills <see cref="Scores"/>.</summary>
    private void ForbidAndPenalise(ReadOnlySpan<float> logits, IReadOnlyList<int> context, int newTokens)
    {
        RequireLength(logits);
        logits.CopyTo(_scores);
        if (newTokens < _options.MinNewTokens)
        {
            foreach (int stop in _options.StopTokenIds)
            {
                _scores[stop] = float.NegativeInfinity;
            }
        }

        if (_options.RepetitionPenalty != 1)
        {
            PenaliseRepetition(context);
        }
    }

    /// <summary>log-softmax(logits ÷ temperature) of one token, and the entropy of that distribution in nats, in float32.</summary>
    /// <param name="logits">[V] raw logits</param>
    /// <param name="token">the token</param>
    /// <param name="temperature">above 0</param>
    public static (float LogProb, float Entropy) LogProbAndEntropy(ReadOnlySpan<float> logits, int token, double temperature)
    {
        float[] scratch = ArrayPool<float>.Shared.Rent(2 * logits.Length);
        try
        {
            Span<float> scores = scratch.AsSpan(0, logits.Length);
            Span<float> shares = scratch.AsSpan(logits.Length, logits.Length);
            TensorPrimitives.Divide(logits, (float)temperature, scores);
            TensorPrimitives.Subtract(scores, TensorPrimitives.Max<float>(scores), scores);
            TensorPrimitives.Exp<float>(scores, shares);
            float total = TensorPrimitives.Sum<float>(shares);
            float logTotal = MathF.Log(total);
            return (scores[token] - logTotal, logTotal - (TensorPrimitives.Dot<float>(shares, scores) / total));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scratch);
        }
    }

    /// <summary>One pass for the maximum, one for the shares, whose sums over pieces lead to the token without a third.</summary>
    private DrawnToken DrawUnfiltered(ReadOnlySpan<float> logits, double uniform)
    {
        RequireLength(logits);
        float temperature = (float)_options.Temperature;
        float highest = TensorPrimitives.Max(logits);
        double total = 0;
        double weighted = 0;
        Span<float> memory = stackalloc float[PieceLength];
        for (int piece = 0; piece < _pieceSums.Length; piece++)
        {
            int first = piece * PieceLength;
            Span<float> shares = _probabilities.AsSpan(first, Math.Min(PieceLength, logits.Length - first));
            Span<float> scores = memory[..shares.Length];
            TensorPrimitives.Subtract(logits.Slice(first, shares.Length), highest, scores);
            if (temperature != 1)
            {
                TensorPrimitives.Divide(scores, temperature, scores);
            }

            TensorPrimitives.Exp<float>(scores, shares);
            weighted += TensorPrimitives.Dot<float>(shares, scores);
            _pieceSums[piece] = SumInDouble(shares);
            total += _pieceSums[piece];
        }

        RequireFinite(total);
        int token = Find(uniform * total);
        double logTotal = Math.Log(total);
        return new(token, (float)(((logits[token] - highest) / temperature) - logTotal), (float)(logTotal - (weighted / total)));
    }

    private static double SumInDouble(ReadOnlySpan<float> shares)
    {
        Vector512<double> lower = Vector512<double>.Zero;
        Vector512<double> upper = Vector512<double>.Zero;
        int i = 0;
        for (; i + Vector512<float>.Count <= shares.Length; i += Vector512<float>.Count)
        {
            (Vector512<double> low, Vector512<double> high) = Vector512.Widen(Vector512.Create(shares[i..]));
            lower += low;
            upper += high;
        }

        double sum = Vector512.Sum(lower + upper);
        for (; i < shares.Length; i++)
        {
            sum += shares[i];
        }

        return sum;
    }

    /// <summary>The first token whose cumulated share passes a threshold.</summary>
    private int Find(double threshold)
    {
        double cumulative = 0;
        int piece = 0;
        while (piece < _pieceSums.Length - 1 && cumulative + _pieceSums[piece] <= threshold)
        {
            cumulative += _pieceSums[piece];
            piece++;
        }

        int last = -1;
        for (int i = piece * PieceLength; i < _probabilities.Length; i++)
        {
            cumulative += _probabilities[i];
            last = _probabilities[i] > 0 ? i : last;
            if (_probabilities[i] > 0 && cumulative > threshold)
            {
                return i;
            }
        }

        return last >= 0 ? last : Array.FindLastIndex(_probabilities, share => share > 0);
    }

    private void RequireLength(ReadOnlySpan<float> logits)
    {
        if (logits.Length != _scores.Length)
        {
            throw new ArgumentException($"{logits.Length} logits were given for a vocabulary of {_scores.Length}.", nameof(logits));
        }
    }

    private static void RequireFinite(double total)
    {
        if (!double.IsFinite(total))
        {
            throw new NonFiniteException(
                "the logits of a sampled token are not finite. The weights or the activations overflowed; lower the learning rate or check the model.");
        }
    }

    private int Pick(double uniform)
    {
        double total = 0;
        foreach (float probability in _probabilities)
        {
            total += probability;
        }

        RequireFinite(total);
        double threshold = uniform * total;
        double cumulative = 0;
        int last = -1;
        for (int i = 0; i < _probabilities.Length; i++)
        {
            if (_probabilities[i] > 0)
            {
                cumulative += _probabilities[i];
                last = i;
                if (cumulative > threshold)
                {
                    return i;
                }
            }
        }

        return last;
    }

    private void PenaliseRepetition(IReadOnlyList<int> context)
    {
        float penalty = (float)_options.RepetitionPenalty;
        foreach (int token in context)
        {
            if (!_seen[token])
            {
                _seen[token] = true;
                float score = _scores[token];
                _scores[token] = score < 0 ? score * penalty : score / penalty;
            }
        }

        foreach (int token in context)
        {
            _seen[token] = false;
        }
    }

    private void KeepTopK()
    {
        int k = Math.Min(_options.TopK, _scores.Length);
        _scores.CopyTo(_probabilities, 0);
        Array.Sort(_probabilities);
        float kth = _probabilities[^k];
        for (int i = 0; i < _scores.Length; i++)
        {
            if (_scores[i] < kth)
            {
                _scores[i] = float.NegativeInfinity;
            }
        }
    }

    /// <summary>
    /// Takes tokens off from the least likely up while their running mass stays at most 1 − p; the likeliest always stays, and
    /// among equal scores lower ids go first. The running sum is kept in double and compared in float32, as transformers does.
    /// </summary>
    private void KeepTopP()
    {
        Softmax(_scores, _probabilities);
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        _order.AsSpan().Sort((a, b) => _scores[a] != _scores[b] ? _scores[a].CompareTo(_scores[b]) : a.CompareTo(b));
        float cut = (float)(1 - _options.TopP);
        double mass = 0;
        for (int i = 0; i < _order.Length - 1; i++)
        {
            mass += _probabilities[_order[i]];
            if ((float)mass > cut)
            {
                break;
            }

            _scores[_order[i]] = float.NegativeInfinity;
        }
    }

    private static void Softmax(ReadOnlySpan<float> scores, Span<float> probabilities)
    {
        TensorPrimitives.Subtract(scores, TensorPrimitives.Max(scores), probabilities);
        TensorPrimitives.Exp<float>(probabilities, probabilities);
        TensorPrimitives.Divide(probabilities, TensorPrimitives.Sum<float>(probabilities), probabilities);
    }
}
