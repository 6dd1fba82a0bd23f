using System.Runtime.InteropServices;
using System.Text;

namespace Proxima.Text.Decoders;

/// <summary>
/// Runs of tokens such as &lt;0xE4&gt; to text. A run that is no valid UTF-8 as a whole gives one U+FFFD a byte,
/// so a run is held back until another token or the end shows that it is over.
/// </summary>
internal sealed class ByteFallbackDecoder : IDecoder
{
    private const string Broken = "\uFFFD";

    public bool JoinsTokens => false;

    public ITokenSink AttachTokens(ITokenSink next) => new Sink(next);

    public ITokenSink? AttachFragments(ITokenSink next) => null;

    private sealed class Sink(ITokenSink next) : ITokenSink
    {
        private readonly List<byte> _run = [];

        public void Push(string token)
        {
            if (ByteToken.TryParse(token, out byte value))
            {
                _run.Add(value);
                return;
            }

            EndRun();
            next.Push(token);
        }

        public void Finish()
        {
            EndRun();
            next.Finish();
        }

        private void EndRun()
        {
            if (_run.Count == 0)
            {
                return;
            }

            ReadOnlySpan<byte> run = CollectionsMarshal.AsSpan(_run);
            if (System.Text.Unicode.Utf8.IsValid(run))
            {
                next.Push(Encoding.UTF8.GetString(run));
            }
            else
            {
                for (int i = 0; i < run.Length; i++)
                {
                    next.Push(Broken);
                }
            }

            _run.Clear();
        }
    }
}
