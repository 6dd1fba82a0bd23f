namespace Proxima.Text.Templates.Values;

/// <summary>What <c>groupby</c> gives: a pair with names.</summary>
internal sealed class PyGroup : PyTuple
{
    public PyGroup(object? grouper, PyList list)
        : base([grouper, list])
    {
    }
}
