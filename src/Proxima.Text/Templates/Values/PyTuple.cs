namespace Proxima.Text.Templates.Values;

/// <summary>A tuple.</summary>
internal class PyTuple : PySequence
{
    public PyTuple(IReadOnlyList<object?> items)
        : base(items)
    {
    }

    public PyTuple(params object?[] items)
        : base(items)
    {
    }
}
