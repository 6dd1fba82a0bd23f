using System.Numerics;
using Proxima.Text.Templates.Runtime;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Methods;

/// <summary>Methods of lists, tuples and dictionaries that change nothing.</summary>
internal static class ContainerMethods
{
    /// <summary>Methods that would change a list: closed.</summary>
    public static readonly IReadOnlySet<string> ChangeList = new HashSet<string>(StringComparer.Ordinal)
    {
        "append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort",
    };

    /// <summary>Methods that would change a dictionary: closed.</summary>
    public static readonly IReadOnlySet<string> ChangeDict = new HashSet<string>(StringComparer.Ordinal)
    {
        "clear", "pop", "popitem", "setdefault", "update",
    };

    public static bool TryGet(PyDict dict, string name, out object? method)
    {
        Func<Arguments, object?>? body = name switch
        {
            "get" => arguments => Get(dict, arguments),
            "keys" => arguments => View(dict, DictPart.Keys, arguments),
            "values" => arguments => View(dict, DictPart.Values, arguments),
            "items" => arguments => View(dict, DictPart.Items, arguments),
            "copy" => arguments => Copy(dict, arguments),
            _ => null,
        };
        method = body is null ? null : new Function(name, body);
        return body is not null;
    }

    public static bool TryGet(PySequence sequence, string name, out object? method)
    {
        Func<Arguments, object?>? body = name switch
        {
            "count" => arguments => Count(sequence, arguments),
            "index" => arguments => Index(sequence, arguments),
            "copy" when sequence is PyList => arguments => Copy(sequence, arguments),
            _ => null,
        };
        method = body is null ? null : new Function(name, body);
        return body is not null;
    }

    private static object? Get(PyDict dict, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("get", 1, "key", "default");
        return dict.TryGet(bound[0], out object? value) ? value : bound[1];
    }

    private static DictView View(PyDict dict, DictPart part, Arguments arguments)
    {
        arguments.ExpectNone(part.ToString());
        return new DictView(dict, part);
    }

    private static PyDict Copy(PyDict dict, Arguments arguments)
    {
        arguments.ExpectNone("copy");
        Meter.Allocate(dict.Count);
        return dict.Copy();
    }

    private static PyList Copy(PySequence sequence, Arguments arguments)
    {
        arguments.ExpectNone("copy");
        return new PyList(sequence.Items);
    }

    private static BigInteger Count(PySequence sequence, Arguments arguments)
    {
        object? sought = arguments.Bind("count", 1, "value")[0];
        return new BigInteger(Iteration.Over(sequence).Count(item => PyComparison.AreEqual(item, sought)));
    }

    private static BigInteger Index(PySequence sequence, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("index", 1, "value", "start", "stop");
        int count = sequence.Items.Count;
        int start = Place(bound.Int(1, 0), count);
        int stop = Place(bound.Int(2, count), count);
        for (int i = start; i < stop; i++)
        {
            Meter.Step();
            if (PyComparison.AreEqual(sequence.Items[i], bound[0]))
            {
                return new BigInteger(i);
            }
        }

        throw TemplateException.Runtime($"the value is not in the {PyType.Name(sequence)}");
    }

    private static int Place(int index, int count) => (int)Math.Clamp(index < 0 ? (long)index + count : index, 0, count);
}
