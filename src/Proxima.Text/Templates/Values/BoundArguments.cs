namespace Proxima.Text.Templates.Values;

/// <summary>Arguments sorted into parameters.</summary>
internal readonly struct BoundArguments
{
    private readonly object?[] _values;
    private readonly bool[] _given;

    public BoundArguments(object?[] values, bool[] given)
    {
        _values = values;
        _given = given;
    }

    /// <summary>The argument, None when it was not given.</summary>
    public object? this[int index] => _values[index];

    public bool IsGiven(int index) => _given[index];

    public object? Or(int index, object? otherwise) => _given[index] ? _values[index] : otherwise;

    public bool Flag(int index) => PyTruth.Of(_values[index]);

    /// <summary>A string; an escaped one gives its text.</summary>
    public string Text(int index) => PyConvert.ToText(_values[index]);

    /// <summary>A string, null when the argument is missing or None.</summary>
    public string? OptionalText(int index) => _values[index] is null ? null : PyConvert.ToText(_values[index]);

    public int Int(int index, int otherwise) => _given[index] ? PyConvert.ToInt(_values[index]) : otherwise;
}
