using System.Text;

namespace Proxima.Text.Decoders;

/// <summary>Keeps fragments until the end and passes them on as one token.</summary>
internal sealed class JoiningSink(ITokenSink next) : ITokenSink
{
    private readonly StringBuilder _token = new();

    public void Push(string token) => _token.Append(token);

    public void Finish()
    {
        next.Push(_token.ToString());
        next.Finish();
    }
}
