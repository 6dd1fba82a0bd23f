namespace Proxima.Text.Templates.Values;

/// <summary>A list. Templates cannot change one: the sandbox closes the methods that would.</summary>
internal sealed class PyList : PySequence
{
    public PyList(IReadOnlyList<object?> items)
        : base(items)
    {
    }
}
