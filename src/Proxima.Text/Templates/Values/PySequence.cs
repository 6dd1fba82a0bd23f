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
