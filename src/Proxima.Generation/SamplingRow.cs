using Proxima.Core;

namespace Proxima.Generation;

/// <summary>One sequence on its way: its tokens, their log-probs, its random stream, and whether a stop token ended it.</summary>
internal sealed class SamplingRow
{
    private readonly List<int> _tokens;
    private readonly List<float> _logProbs = [];
    private readonly List<float> _entropies = [];
    private readonly int _promptLength;
    private CounterRandom _random;

    public SamplingRow(int[] prompt, CounterRandom random)
    {
        _tokens = [.. prompt];
        _promptLength = prompt.Length;
        _random = random;
    }

    public bool Stopped { get; private set; }

    public int LastToken => _tokens[^1];

    /// <summary>Tokens of prompt and response so far.</summary>
    public int Length => _tokens.Count;

    /// <summary>Tokens of the response so far.</summary>
    public int NewTokens => _tokens.Count - _promptLength;

    /// <summary>Draws the next token from its logits.</summary>
    /// <param name="logits">[V] raw logits</param>
    /// <param name="sampler">the sampler of this thread</param>
    /// <param name="options">for the temperature and the stop ids</param>
    public void Draw(ReadOnlySpan<float> logits, TokenSampler sampler, SamplingOptions options)
    {
        DrawnToken drawn = sampler.Draw(logits, _tokens, NewTokens, _random.NextDouble());
        _tokens.Add(drawn.Token);
        _logProbs.Add(drawn.LogProb);
        _entropies.Add(drawn.Entropy);
        Stopped = options.StopTokenIds.Contains(drawn.Token);
    }

    public SampledResponse Response() => new([.. _tokens.Skip(_promptLength)], [.. _logProbs], [.. _entropies], Stopped);
}
