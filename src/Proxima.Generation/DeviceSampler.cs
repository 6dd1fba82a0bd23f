using static TorchSharp.torch;

namespace Proxima.Generation;

/// <summary>
/// Draws the next token of all rows by tensor operations, where the logits are: what <see cref="TokenSampler"/> does row by row on the host, in the
/// same order and with the same random numbers. Nothing here waits for the device.
/// </summary>
internal sealed class DeviceSampler : IDisposable
{
    private readonly SamplingOptions _options;
    private readonly Tensor? _stops; // [V] true at stop tokens
    private readonly Tensor? _present; // [B, V] true at ids of prompt and response; null without a repetition penalty
    private int _newTokens;

    /// <param name="options">the processors</param>
    /// <param name="contexts">[B] ids of each row so far</param>
    /// <param name="vocabularySize">V</param>
    /// <param name="device">of the logits</param>
    public DeviceSampler(SamplingOptions options, IReadOnlyList<int[]> contexts, int vocabularySize, Device device)
    {
        using var scope = NewDisposeScope();
        _options = options;
        if (options.StopTokenIds.Count > 0 && options.MinNewTokens > 0)
        {
            bool[] stops = new bool[vocabularySize];
            foreach (int id in options.StopTokenIds)
            {
                stops[id] = true;
            }

            _stops = tensor(stops, device: device).DetachFromDisposeScope();
        }

        if (options.RepetitionPenalty != 1)
        {
            bool[] present = new bool[(long)contexts.Count * vocabularySize];
            for (int row = 0; row < contexts.Count; row++)
            {
                foreach (int id in contexts[row])
                {
                    present[((long)row * vocabularySize) + id] = true;
                }
            }

            _present = tensor(present, device: device).view(contexts.Count, vocabularySize).DetachFromDisposeScope();
        }
    }

    /// <summary>Draws one token a row: the first i in vocabulary order with c[i] &gt; u·c[V−1], c summed in double.</summary>
    /// <param name="logits">[B, V] raw logits</param>
    /// <param name="uniforms">[B, 1] float64, u in [0, 1) of each row</param>
    /// <returns>[B, 1] int64 tokens; [B, 1] float32 log-softmax(raw logits ÷ temperature) of them; [B, 1] float32 its entropy</returns>
    public (Tensor Tokens, Tensor LogProbs, Tensor Entropies) Draw(Tensor logits, Tensor uniforms)
    {
        using var scope = NewDisposeScope();
        var raw = logits.to_type(ScalarType.Float32); // [B, V]
        var scores = ForbidAndPenalise(raw);
        double temperature = _options.Temperature == 0 ? 1 : _options.Temperature;
        var tokens = _options.Temperature == 0 ? Likeliest(scores) : Pick(Filter(scores.div(temperature)), uniforms); // [B, 1]
        _present?.scatter_(1, tokens, ones_like(tokens, dtype: ScalarType.Bool));
        _newTokens++;
        var all = raw.div(temperature).log_softmax(1); // [B, V]
        var entropies = all.exp().mul(all).nan_to_num(nan: 0).sum(1, keepdim: true).neg(); // a share of 0 times −∞ is 0
        return (tokens.MoveToOuterDisposeScope(), all.gather(1, tokens).MoveToOuterDisposeScope(), entropies.MoveToOuterDisposeScope());
    }

    public void Dispose()
    {
        _stops?.Dispose();
        _present?.Dispose();
    }

    private Tensor ForbidAndPenalise(Tensor scores)
    {
        if (_stops is not null && _newTokens < _options.MinNewTokens)
        {
            scores = scores.masked_fill(_stops, double.NegativeInfinity);
        }

        if (_present is not null)
        {
            var penalised = where(scores < 0, scores.mul(_options.RepetitionPenalty), scores.div(_options.RepetitionPenalty));
            scores = where(_present, penalised, scores);
        }

        return scores;
    }

    /// <returns>[B, V] scores with −∞ at what top-k and top-p put out</returns>
    private Tensor Filter(Tensor scores)
    {
        if (_options.TopK > 0)
        {
            var kth = scores.topk((int)Math.Min(_options.TopK, scores.shape[1])).values.narrow(1, -1, 1); // [B, 1]
            scores = scores.masked_fill(scores < kth, double.NegativeInfinity);
        }

        if (_options.TopP < 1)
        {
            // From the least likely up, lower ids first among equals, while the mass stays at most 1 − p; the likeliest always stays.
            var (ascending, order) = scores.sort(1, descending: false, stable: true); // [B, V]
            var mass = ascending.softmax(1).to_type(ScalarType.Float64).cumsum(1).to_type(ScalarType.Float32);
            var goes = mass <= (float)(1 - _options.TopP);
            goes.narrow(1, -1, 1).fill_(false);
            scores = scores.masked_fill(zeros_like(goes).scatter(1, order, goes), double.NegativeInfinity);
        }

        return scores;
    }

    /// <returns>[B, 1]</returns>
    private static Tensor Pick(Tensor scores, Tensor uniforms)
    {
        var mass = scores.softmax(1).to_type(ScalarType.Float64).cumsum(1); // [B, V]
        var last = mass.narrow(1, -1, 1); // [B, 1]
        var before = (mass <= last.mul(uniforms)).sum(1, keepdim: true); // tokens before the one whose mass passes the threshold
        return before.clamp_max(scores.shape[1] - 1); // u·c[V − 1] may round to c[V − 1]
    }

    /// <summary>The first of those that tie.</summary>
    /// <returns>[B, 1]</returns>
    private static Tensor Likeliest(Tensor scores) => scores.eq(scores.amax([1], keepdim: true)).to_type(ScalarType.Int8).argmax(1, keepdim: true);
}
