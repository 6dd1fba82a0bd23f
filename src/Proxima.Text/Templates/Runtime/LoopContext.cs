using System.Numerics;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Runtime;

/// <summary>The variable <c>loop</c>. Items are fetched as late as possible, since fetching may run code of the template.</summary>
internal sealed class LoopContext : Callable, IDisposable
{
    private readonly Func<object?, int, string>? _recurse;
    private readonly int _depth;
    private IEnumerator<object?> _items;
    private int? _length;
    private object? _before;
    private object? _current;
    private object? _after;
    private bool _hasAfter;
    private PyTuple? _lastChanged;

    /// <param name="items">what is walked over</param>
    /// <param name="length">how many there are, null when that takes walking</param>
    /// <param name="depth">recursive loops around this one</param>
    /// <param name="recurse">renders the body over inner items; null when the loop is not recursive</param>
    public LoopContext(IEnumerable<object?> items, int? length, int depth, Func<object?, int, string>? recurse)
    {
        _items = items.GetEnumerator();
        _length = length;
        _depth = depth;
        _recurse = recurse;
    }

    /// <summary>Number of the current turn from 1; 0 before the first.</summary>
    public int Index { get; private set; }

    public int Length
    {
        get
        {
            if (_length is null)
            {
                List<object?> rest = [];
                while (_items.MoveNext())
                {
                    rest.Add(_items.Current);
                }

                _length = rest.Count + Index + (_hasAfter ? 1 : 0);
                _items.Dispose();
                _items = rest.GetEnumerator();
            }

            return _length.Value;
        }
    }

    /// <summary>Goes to the next turn.</summary>
    public bool MoveNext(out object? item)
    {
        bool any = Peek();
        item = any ? _after : null;
        if (any)
        {
            Index++;
            _before = _current;
            _current = _after;
            _hasAfter = false;
        }

        return any;
    }

    /// <summary>An attribute of the loop; false when it has none of that name.</summary>
    public bool TryGet(string name, out object? value)
    {
        Func<object?>? read = name switch
        {
            "index" => () => new BigInteger(Index),
            "index0" => () => new BigInteger(Index - 1),
            "revindex" => () => new BigInteger(Length - Index + 1),
            "revindex0" => () => new BigInteger(Length - Index),
            "first" => () => Index == 1,
            "last" => () => !Peek(),
            "length" => () => new BigInteger(Length),
            "depth" => () => new BigInteger(_depth + 1),
            "depth0" => () => new BigInteger(_depth),
            "previtem" => () => Index == 1 ? Undefined.Because("there is no previous item") : _before,
            "nextitem" => () => Peek() ? _after : Undefined.Because("there is no next item"),
            "cycle" => () => new Function(name, Cycle),
            "changed" => () => new Function(name, arguments => Changed(arguments)),
            _ => null,
        };
        value = read?.Invoke();
        return read is not null;
    }

    public override object? Call(Arguments arguments)
    {
        object? inner = arguments.Bind("loop", 1, "iterable")[0];
        return _recurse is null
            ? throw TemplateException.Runtime("The loop must have the 'recursive' marker to be called recursively.")
            : _recurse(inner, _depth + 1);
    }

    public void Dispose() => _items.Dispose();

    private bool Peek()
    {
        if (!_hasAfter && _items.MoveNext())
        {
            _after = _items.Current;
            _hasAfter = true;
        }

        return _hasAfter;
    }

    private object? Cycle(Arguments arguments) => arguments.Positional.Count == 0
        ? throw TemplateException.Runtime("no items for cycling given")
        : arguments.Positional[(Index - 1) % arguments.Positional.Count];

    private bool Changed(Arguments arguments)
    {
        PyTuple value = new(arguments.Positional);
        bool changed = _lastChanged is null || !PyComparison.AreEqual(_lastChanged, value);
        _lastChanged = value;
        return changed;
    }
}
