namespace Proxima.Text.Templates.Values;

/// <summary>Which part of a dictionary a view shows.</summary>
internal enum DictPart
{
    Keys,
    Values,
    Items,
}

/// <summary>What <c>keys()</c>, <c>values()</c> and <c>items()</c> give.</summary>
internal sealed class DictView
{
    private readonly PyDict _owner;

    public DictView(PyDict owner, DictPart part)
    {
        _owner = owner;
        Part = part;
    }

    public DictPart Part { get; }

    public int Count => _owner.Count;

    public IEnumerable<object?> Items => Part switch
    {
        DictPart.Keys => _owner.Keys,
        DictPart.Values => _owner.Values,
        _ => _owner.Entries.Select(entry => new PyTuple(entry.Key, entry.Value)),
    };
}
