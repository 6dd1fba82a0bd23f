namespace Proxima.Text.Decoders;

/// <summary>The steps from tokens to text, set up anew for each text; whole and streaming decoding run the same steps.</summary>
internal sealed class DecoderChain(IReadOnlyList<IDecoder> decoders)
{
    /// <summary>Sinks for one text that end in <paramref name="output"/>.</summary>
    public ITokenSink Start(ITokenSink output)
    {
        var takesFragments = new bool[decoders.Count];
        for (int i = 1; i < decoders.Count; i++)
        {
            takesFragments[i] = takesFragments[i - 1] || decoders[i - 1].JoinsTokens;
        }

        ITokenSink next = output;
        for (int i = decoders.Count - 1; i >= 0; i--)
        {
            next = takesFragments[i]
                ? decoders[i].AttachFragments(next) ?? new JoiningSink(decoders[i].AttachTokens(next))
                : decoders[i].AttachTokens(next);
        }

        return next;
    }
}
