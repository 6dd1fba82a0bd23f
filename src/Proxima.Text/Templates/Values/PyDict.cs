using System.Diagnostics.CodeAnalysis;

namespace Proxima.Text.Templates.Values;

/// <summary>A dictionary that keeps the order of insertion; 1, 1.0 and True are the same key.</summary>
internal sealed class PyDict
{
    private readonly Dictionary<Key, int> _places = [];
    private readonly List<KeyValuePair<object?, object?>> _entries = [];

    public int Count => _entries.Count;

    public IReadOnlyList<KeyValuePair<object?, object?>> Entries => _entries;

    public IEnumerable<object?> Keys => _entries.Select(entry => entry.Key);

    public IEnumerable<object?> Values => _entries.Select(entry => entry.Value);

    /// <summary>Sets a value; a key that is there keeps its place and its first form.</summary>
    /// <exception cref="TemplateException">the key is a list or a dictionary</exception>
    public void Set(object? key, object? value)
    {
        Key wrapped = new(key);
        if (_places.TryGetValue(wrapped, out int place))
        {
            _entries[place] = new(_entries[place].Key, value);
        }
        else
        {
            _places.Add(wrapped, _entries.Count);
            _entries.Add(new(key, value));
        }
    }

    /// <exception cref="TemplateException">the key is a list or a dictionary</exception>
    public bool TryGet(object? key, out object? value)
    {
        bool found = _places.TryGetValue(new Key(key), out int place);
        value = found ? _entries[place].Value : null;
        return found;
    }

    public PyDict Copy()
    {
        PyDict copy = new();
        foreach (KeyValuePair<object?, object?> entry in _entries)
        {
            copy.Set(entry.Key, entry.Value);
        }

        return copy;
    }

    private readonly struct Key : IEquatable<Key>
    {
        private readonly object? _value;
        private readonly int _hash;

        public Key(object? value)
        {
            _value = value;
            _hash = PyHash.Of(value);
        }

        public bool Equals(Key other) => _hash == other._hash && PyComparison.AreEqual(_value, other._value);

        public override bool Equals([NotNullWhen(true)] object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode() => _hash;
    }
}
