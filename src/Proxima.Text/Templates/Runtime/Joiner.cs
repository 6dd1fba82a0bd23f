using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Runtime;

/// <summary>What <c>joiner(…)</c> gives: nothing at the first call, then its separator.</summary>
internal sealed class Joiner : Callable
{
    private readonly object? _separator;
    private bool _isUsed;

    public Joiner(object? separator)
    {
        _separator = separator;
    }

    public override object? Call(Arguments arguments)
    {
        arguments.ExpectNone("joiner");
        bool isFirst = !_isUsed;
        _isUsed = true;
        return isFirst ? string.Empty : _separator;
    }
}
