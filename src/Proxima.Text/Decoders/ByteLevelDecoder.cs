using System.Runtime.InteropServices;
using System.Text;

namespace Proxima.Text.Decoders;

/// <summary>
/// Byte-alphabet tokens to text. A token with a character outside the alphabet stands for its own text.
/// Broken UTF-8 gives one U+FFFD for each maximal broken part.
/// </summary>
internal sealed class ByteLevelDecoder : IDecoder
{
    public bool JoinsTokens => true;

    public ITokenSink AttachTokens(ITokenSink next) => new Sink(next);

    public ITokenSink? AttachFragments(ITokenSink next) => null;

    /// <summary>Lets text out when no character is unfinished.</summary>
    private sealed class Sink(ITokenSink next) : ITokenSink
    {
        private readonly List<byte> _bytes = [];

        public void Push(string token)
        {
            if (!ByteAlphabet.TryBytes(token, _bytes))
            {
                _bytes.AddRange(Encoding.UTF8.GetBytes(token));
            }

            ReadOnlySpan<byte> bytes = CollectionsMarshal.AsSpan(_bytes);
            if (!Utf8Text.EndsUnfinished(bytes))
            {
                LetOut(bytes);
            }
        }

        public void Finish()
        {
            LetOut(CollectionsMarshal.AsSpan(_bytes));
            next.Finish();
        }

        private void LetOut(ReadOnlySpan<byte> bytes)
        {
            next.Push(Encoding.UTF8.GetString(bytes));
            _bytes.Clear();
        }
    }
}
