using System.Numerics;
using System.Text;
using Proxima.Text.Templates.Runtime;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Filters;

/// <summary>Filters on sequences and on values of any kind.</summary>
internal static class SequenceFilters
{
    public static object? Default(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("default", 0, "default_value", "boolean");
        return value is Undefined || (bound.Flag(1) && !PyTruth.Of(value)) ? bound.Or(0, string.Empty) : value;
    }

    public static object? Attribute(object? value, Arguments arguments)
    {
        string name = arguments.Bind("attr", 1, "name").Text(0);
        return Members.TryAttribute(value, name, out object? attribute) ? attribute : Undefined.Member(value, name);
    }

    public static object? Length(object? value, Arguments arguments)
    {
        arguments.ExpectNone("length");
        return new BigInteger(Iteration.KnownLength(value)
            ?? throw TemplateException.Runtime($"object of type '{PyType.Name(value)}' has no len()"));
    }

    public static object? First(object? value, Arguments arguments)
    {
        arguments.ExpectNone("first");
        return Iteration.Over(value).FirstOrDefault(Undefined.Because("No first item, sequence was empty."));
    }

    public static object? Last(object? value, Arguments arguments)
    {
        arguments.ExpectNone("last");
        return Backwards(value).FirstOrDefault(Undefined.Because("No last item, sequence was empty."));
    }

    public static object? List(object? value, Arguments arguments)
    {
        arguments.ExpectNone("list");
        return new PyList(Iteration.ToList(value));
    }

    public static object? Reverse(object? value, Arguments arguments)
    {
        arguments.ExpectNone("reverse");
        switch (value)
        {
            case string text:
                return Reversed(text);
            case SafeString safe:
                return new SafeString(Reversed(safe.Text));
            case PyIterator:
                List<object?> items = Iteration.ToList(value);
                items.Reverse();
                return new PyList(items);
            default:
                return new PyIterator(Backwards(value), "reversed");
        }
    }

    public static object? Items(object? value, Arguments arguments)
    {
        arguments.ExpectNone("items");
        return new PyIterator(Pairs(value));
    }

    public static object? Join(RenderState state, object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("join", 0, "d", "attribute");
        AttributePath path = new(bound[1]);
        object? separator = bound.Or(0, string.Empty);
        List<object?> items = [.. Iteration.Over(value).Select(path.Of)];
        bool escapes = state.AutoEscape && (separator is SafeString || items.Exists(item => item is SafeString));
        Func<object?, string> toText = escapes ? part => SafeString.Escape(part).Text : PyText.Str;
        string between = toText(separator);
        StringBuilder output = new();
        for (int i = 0; i < items.Count; i++)
        {
            string text = toText(items[i]);
            Meter.Allocate((long)text.Length + between.Length);
            output.Append(i > 0 ? between : string.Empty).Append(text);
        }

        return escapes ? new SafeString(output.ToString()) : output.ToString();
    }

    public static object? Batch(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("batch", 1, "linecount", "fill_with");
        return new PyIterator(Batches(value, PyConvert.ToInt(bound[0]), bound[1]));
    }

    public static object? Slice(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("slice", 1, "slices", "fill_with");
        return new PyIterator(Slices(value, PyConvert.ToInt(bound[0]), bound[1]));
    }

    /// <summary>The error of a wrong value comes when the pairs are walked over.</summary>
    private static IEnumerable<object?> Pairs(object? value)
    {
        if (value is not (PyDict or Undefined))
        {
            throw TemplateException.Runtime("Can only get item pairs from a mapping.");
        }

        IEnumerable<object?> pairs = value is PyDict dict ? new DictView(dict, DictPart.Items).Items : [];
        foreach (object? pair in pairs)
        {
            yield return pair;
        }
    }

    private static IEnumerable<object?> Batches(object? value, int size, object? fill)
    {
        List<object?> batch = [];
        foreach (object? item in Iteration.Over(value))
        {
            if (batch.Count == size)
            {
                yield return new PyList(batch);
                batch = [];
            }

            Meter.Allocate(1);
            batch.Add(item);
        }

        if (batch.Count > 0)
        {
            if (fill is not null && batch.Count < size)
            {
                Meter.AllocateItems(size - batch.Count);
                batch.AddRange(Enumerable.Repeat(fill, size - batch.Count));
            }

            yield return new PyList(batch);
        }
    }

    private static IEnumerable<object?> Slices(object? value, int slices, object? fill)
    {
        List<object?> items = Iteration.ToList(value);
        if (slices == 0)
        {
            throw TemplateException.Runtime("integer division or modulo by zero");
        }

        int longer = slices > 0 ? items.Count % slices : 0;
        int at = 0;
        for (int i = 0; i < slices; i++)
        {
            Meter.Step();
            int count = (items.Count / slices) + (i < longer ? 1 : 0);
            Meter.AllocateItems(count + 1);
            List<object?> slice = items.GetRange(at, count);
            at += count;
            if (fill is not null && i >= longer)
            {
                slice.Add(fill);
            }

            yield return new PyList(slice);
        }
    }

    private static string Reversed(string text)
    {
        int[] points = CodePoints.ToArray(text);
        Array.Reverse(points);
        return CodePoints.ToText(points);
    }

    private static IEnumerable<object?> Backwards(object? value) => value switch
    {
        PySequence sequence => Enumerable.Range(1, sequence.Items.Count).Select(i => sequence.Items[^i]),
        Undefined or string or SafeString or PyDict or DictView or PyRange => Iteration.ToList(value).AsEnumerable().Reverse(),
        _ => throw TemplateException.Runtime($"'{PyType.Name(value)}' object is not reversible"),
    };
}
