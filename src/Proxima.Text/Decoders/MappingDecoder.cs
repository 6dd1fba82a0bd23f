namespace Proxima.Text.Decoders;

/// <summary>A step that changes each token by itself, knowing its index.</summary>
internal sealed class MappingDecoder(Func<string, int, string> map) : IDecoder
{
    public bool JoinsTokens => false;

    /// <summary>Set when a token may be changed fragment by fragment with the same result.</summary>
    public bool TakesFragments { get; init; }

    public ITokenSink AttachTokens(ITokenSink next) => new MappingSink(map, next);

    public ITokenSink? AttachFragments(ITokenSink next) => TakesFragments ? new MappingSink(map, next) : null;
}
