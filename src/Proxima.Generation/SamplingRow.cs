using Proxima.Core;

namespace Proxima.Generation;

/// <summary>One sequence on its way: its tokens, their log-probs, its random stream, and whether a stop token or string ended it.</summary>
internal sealed class SamplingRow
{
    private readonly List<int> _tokens;
    private readonly List<float> _logProbs = [];
    private readonly List<float> _entropies = [];
    private readonly int _promptLength;
    private readonly int _index;
    private readonly SamplingOptions _options;
    private readonly Func<int, bool>? _endsStopString;
    private CounterRandom _random;

    /// <param name="prompt">[P] ids</param>
    /// <param name="random">its random stream</param>
    /// <param name="index">number of the sequence</param>
    /// <param name="options">what ends a response, and who is told of its tokens</param>
    public SamplingRow(int[] prompt, CounterRandom random, int index, SamplingOptions options)
    {
        _index = index;
        _tokens = [.. prompt];
        _promptLength = prompt.Length;
        _options = options;
        _endsStopString = options.NewStopStringCheck?.Invoke();
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
    public void Draw(ReadOnlySpan<float> logits, TokenSampler sampler) => Take(sampler.Draw(logits, _tokens, NewTokens, NextUniform()));

    /// <summary>The number, in [0, 1), that decides the next token.</summary>
    public double NextUniform() => _random.NextDouble();

    /// <summary>Adds a token and looks whether it ends the response.</summary>
    /// <param name="drawn">the token</param>
    public void Take(DrawnToken drawn)
    {
        _tokens.Add(drawn.Token);
        _logProbs.Add(drawn.LogProb);
        _entropies.Add(drawn.Entropy);
        bool endsString = _endsStopString?.Invoke(drawn.Token) ?? false;
        Stopped = _options.StopTokenIds.Contains(drawn.Token) || (endsString && NewTokens >= _options.MinNewTokens);
        _options.OnToken?.Invoke(_index, drawn.Token);
    }

    public SampledResponse Response() => new([.. _tokens.Skip(_promptLength)], [.. _logProbs], [.. _entropies], Stopped);
}
