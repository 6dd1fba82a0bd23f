namespace Proxima.Text.Templates.Values;

/// <summary>Items that can be walked once, such as what <c>map</c> and <c>select</c> give.</summary>
internal sealed class PyIterator : IDisposable
{
    private readonly IEnumerator<object?> _items;

    public PyIterator(IEnumerable<object?> items, string typeName = "generator")
    {
        _items = items.GetEnumerator();
        TypeName = typeName;
    }

    public string TypeName { get; }

    /// <summary>What is left; walking it uses it up.</summary>
    public IEnumerable<object?> Rest()
    {
        while (_items.MoveNext())
        {
            yield return _items.Current;
        }
    }

    public void Dispose() => _items.Dispose();
}
