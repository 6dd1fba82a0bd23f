using System.Text;

namespace Proxima.Text.Decoders;

/// <summary>The end of decoding: the text so far.</summary>
internal sealed class TextSink : ITokenSink
{
    private readonly StringBuilder _text = new();

    public void Push(string token) => _text.Append(token);

    public void Finish()
    {
    }

    /// <summary>The text that came since the last call.</summary>
    public string Take()
    {
        string text = _text.ToString();
        _text.Clear();
        return text;
    }
}
