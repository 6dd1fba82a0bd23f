namespace Proxima.Text.Decoders;

/// <summary>Takes up to so many of one character off both ends of each token.</summary>
internal sealed class StripDecoder(char content, int start, int stop) : IDecoder
{
    public bool JoinsTokens => false;

    public ITokenSink AttachTokens(ITokenSink next) => new MappingSink((token, _) => Strip(token), next);

    public ITokenSink? AttachFragments(ITokenSink next) => stop == 0 ? new StartSink(content, start, next) : null;

    private string Strip(string token)
    {
        int from = 0;
        while (from < start && from < token.Length && token[from] == content)
        {
            from++;
        }

        int to = token.Length;
        while (token.Length - to < stop && to > from && token[to - 1] == content)
        {
            to--;
        }

        return token[from..to];
    }

    /// <summary>Strips the start of a token that comes in fragments.</summary>
    private sealed class StartSink(char content, int count, ITokenSink next) : ITokenSink
    {
        private int _left = count;

        public void Push(string token)
        {
            int from = 0;
            while (_left > 0 && from < token.Length && token[from] == content)
            {
                from++;
                _left--;
            }

            if (from < token.Length)
            {
                _left = 0;
            }

            next.Push(token[from..]);
        }

        public void Finish() => next.Finish();
    }
}
