namespace Proxima.Text.Templates.Runtime;

/// <summary>What <c>cycler(…)</c> gives: goes round its items.</summary>
internal sealed class Cycler
{
    private readonly IReadOnlyList<object?> _items;
    private int _place;

    /// <exception cref="TemplateException">there are no items</exception>
    public Cycler(IReadOnlyList<object?> items)
    {
        _items = items.Count > 0 ? items : throw TemplateException.Runtime("at least one item has to be provided");
    }

    public object? Current => _items[_place];

    public object? Next()
    {
        object? current = Current;
        _place = (_place + 1) % _items.Count;
        return current;
    }

    public object? Reset()
    {
        _place = 0;
        return null;
    }
}
