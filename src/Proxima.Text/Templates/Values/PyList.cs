namespace Proxima.Text.Templates.Values;

/// <summary>A list or a tuple.</summary>
internal abstract class PySequence
{
    protected PySequence(IReadOnlyList<object?> items)
    {
        Items = items;
    }

    public IReadOnlyList<object?> Items { get; }
}

/// <summary>A list. Templates cannot change one: the sandbox closes the methods that would.</summary>
internal sealed class PyList : PySequence
{
    public PyList(IReadOnlyList<object?> items)
        : base(items)
    {
    }
}

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

/// <summary>What <c>groupby</c> gives: a pair with names.</summary>
internal sealed class PyGroup : PyTuple
{
    public PyGroup(object? grouper, PyList list)
        : base([grouper, list])
    {
    }
}
