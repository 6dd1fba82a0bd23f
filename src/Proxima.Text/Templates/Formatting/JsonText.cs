using System.Numerics;
using System.Text;
using Proxima.Text.Templates.Runtime;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Formatting;

/// <summary>Values as JSON in the layout of Python's <c>json.dumps</c>.</summary>
internal sealed class JsonText
{
    private readonly StringBuilder _output = new();

    /// <summary>What one level is indented by; null: everything on one line.</summary>
    public string? Indent { get; init; }

    public required string ItemSeparator { get; init; }

    public required string KeySeparator { get; init; }

    /// <summary>Characters beyond ASCII become \u escapes.</summary>
    public bool EnsureAscii { get; init; }

    public bool SortKeys { get; init; }

    /// <exception cref="TemplateException">the value, or a key, has no JSON form</exception>
    public string Write(object? value)
    {
        Write(value, 0);
        return _output.ToString();
    }

    private void Write(object? value, int level)
    {
        Meter.EnsureStack();
        int before = _output.Length;
        switch (value)
        {
            case PySequence sequence:
                WriteItems('[', ']', sequence.Items, level, item => Write(item, level + 1));
                break;
            case PyDict dict:
                WriteItems('{', '}', SortKeys ? Sorted(dict) : dict.Entries, level, entry => WriteEntry(entry, level + 1));
                break;
            case string or SafeString:
                WriteText(PyConvert.ToText(value));
                Meter.Allocate(_output.Length - before);
                break;
            default:
                string text = Scalar(value);
                Meter.Allocate(text.Length);
                _output.Append(text);
                break;
        }
    }

    private void WriteItems<T>(char open, char close, IReadOnlyCollection<T> items, int level, Action<T> write)
    {
        _output.Append(open);
        bool isFirst = true;
        foreach (T item in items)
        {
            _output.Append(isFirst ? string.Empty : ItemSeparator);
            BreakLine(level + 1);
            write(item);
            isFirst = false;
        }

        if (!isFirst)
        {
            BreakLine(level);
        }

        _output.Append(close);
    }

    private void BreakLine(int level)
    {
        if (Indent is null)
        {
            return;
        }

        Meter.Allocate(1 + ((long)Indent.Length * level));
        _output.Append('\n');
        for (int i = 0; i < level; i++)
        {
            _output.Append(Indent);
        }
    }

    private void WriteEntry(KeyValuePair<object?, object?> entry, int level)
    {
        string key = entry.Key switch
        {
            string or SafeString => PyConvert.ToText(entry.Key),
            null or bool or BigInteger or double => Scalar(entry.Key),
            _ => throw TemplateException.Runtime($"keys must be str, int, float, bool or None, not {PyType.Name(entry.Key)}"),
        };
        WriteText(key);
        _output.Append(KeySeparator);
        Write(entry.Value, level);
    }

    private static string Scalar(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        BigInteger number => PyText.OfInteger(number),
        double.NaN => "NaN",
        double.PositiveInfinity => "Infinity",
        double.NegativeInfinity => "-Infinity",
        double number => PyFloat.Repr(number),
        _ => throw TemplateException.Runtime($"Object of type {PyType.Name(value)} is not JSON serializable"),
    };

    private void WriteText(string text)
    {
        _output.Append('"');
        foreach (char c in text)
        {
            switch (c)
            {
                case '"' or '\\':
                    _output.Append('\\').Append(c);
                    break;
                case '\n':
                    _output.Append("\\n");
                    break;
                case '\r':
                    _output.Append("\\r");
                    break;
                case '\t':
                    _output.Append("\\t");
                    break;
                case '\b':
                    _output.Append("\\b");
                    break;
                case '\f':
                    _output.Append("\\f");
                    break;
                default:
                    if (c < ' ' || (EnsureAscii && c > '~'))
                    {
                        _output.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture));
                    }
                    else
                    {
                        _output.Append(c);
                    }

                    break;
            }
        }

        _output.Append('"');
    }

    private static List<KeyValuePair<object?, object?>> Sorted(PyDict dict) =>
        Sorting.Sort(dict.Entries, entry => entry.Key, SortOrder.Ascending);
}
