namespace Proxima.Text.Decoders;

/// <summary>One step from tokens to text. It holds no state: each text gets sinks of its own.</summary>
internal interface IDecoder
{
    /// <summary>Whether what it lets out is one token in fragments, however many came in.</summary>
    public bool JoinsTokens { get; }

    /// <summary>A sink for tokens that hands its results to <paramref name="next"/>.</summary>
    public ITokenSink AttachTokens(ITokenSink next);

    /// <summary>A sink for the fragments of one token; null when this step needs that token whole.</summary>
    public ITokenSink? AttachFragments(ITokenSink next);
}
