using System.Text;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Runtime;

/// <summary>Where a piece of a template writes.</summary>
internal sealed class Output
{
    private readonly StringBuilder _text = new();

    /// <summary>Code points written so far.</summary>
    public int Length { get; private set; }

    public void Write(string text)
    {
        Meter.Allocate(text.Length);
        _text.Append(text);
        Length += CodePoints.Length(text);
    }

    public override string ToString()
    {
        Meter.Allocate(_text.Length);
        return _text.ToString();
    }
}
