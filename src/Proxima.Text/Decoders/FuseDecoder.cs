namespace Proxima.Text.Decoders;

/// <summary>Makes one token of all: from here on each push is a fragment of it.</summary>
internal sealed class FuseDecoder : IDecoder
{
    public bool JoinsTokens => true;

    public ITokenSink AttachTokens(ITokenSink next) => next;

    public ITokenSink? AttachFragments(ITokenSink next) => next;
}
