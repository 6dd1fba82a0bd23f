using System.Numerics;
using Proxima.Text.Templates.Methods;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Runtime;

/// <summary>Attributes and items of values, with what the sandbox keeps closed.</summary>
internal static class Members
{
    private static readonly HashSet<string> ObjectInternals = new(StringComparer.Ordinal)
    {
        "__class__", "__delattr__", "__dir__", "__doc__", "__eq__", "__format__", "__ge__", "__getattribute__", "__getstate__",
        "__gt__", "__hash__", "__init__", "__init_subclass__", "__le__", "__lt__", "__ne__", "__new__", "__reduce__",
        "__reduce_ex__", "__repr__", "__setattr__", "__sizeof__", "__str__", "__subclasshook__",
    };

    private static readonly HashSet<string> ContainerInternals = new(StringComparer.Ordinal)
    {
        "__contains__", "__getitem__", "__iter__", "__len__", "__add__", "__mul__", "__rmul__", "__reversed__",
    };

    private static readonly HashSet<string> FunctionInternals = new(StringComparer.Ordinal)
    {
        "__call__", "__code__", "__closure__", "__defaults__", "__dict__", "__func__", "__globals__", "__module__", "__name__",
        "__qualname__", "__self__", "__wrapped__",
    };

    /// <summary><c>value.name</c>: the attribute before the item.</summary>
    /// <exception cref="TemplateException">the value is undefined</exception>
    public static object? Attribute(object? owner, string name)
    {
        if (TryAttribute(owner, name, out object? value))
        {
            return value;
        }

        return owner is PyDict dict && dict.TryGet(name, out value) ? value : Undefined.Member(owner, name);
    }

    /// <summary><c>value[key]</c>: the item before the attribute.</summary>
    /// <exception cref="TemplateException">the value is undefined</exception>
    public static object? Item(object? owner, object? key)
    {
        switch (owner)
        {
            case Undefined undefined:
                throw undefined.Failure();
            case PyDict dict when key is not (PyList or PyDict or DictView) && dict.TryGet(key, out object? value):
                return value;
            case string or SafeString or PySequence or PyRange when key is BigInteger or bool:
                return TryIndex(owner, PyConvert.ToInt(key), out object? item) ? item : Undefined.Member(owner, key);
            default:
                return PyConvert.IsText(key) && TryAttribute(owner, PyConvert.ToText(key), out object? attribute)
                    ? attribute
                    : Undefined.Member(owner, key);
        }
    }

    /// <summary>The attribute alone, as the filter <c>attr</c> looks it up.</summary>
    /// <exception cref="TemplateException">the value is undefined</exception>
    public static bool TryAttribute(object? owner, string name, out object? value)
    {
        if (IsClosed(owner, name))
        {
            value = Undefined.Closed(owner, name);
            return true;
        }

        value = null;
        switch (owner)
        {
            case Undefined undefined:
                throw undefined.Failure();
            case string or SafeString:
                return StringMethods.TryGet(owner, name, out value);
            case PyDict dict:
                return ContainerMethods.TryGet(dict, name, out value);
            case PyGroup group when name is "grouper" or "list":
                value = group.Items[name == "grouper" ? 0 : 1];
                return true;
            case PySequence sequence:
                return ContainerMethods.TryGet(sequence, name, out value);
            case PyRange range when name is "count" or "index":
                return ContainerMethods.TryGet(new PyTuple(Iteration.ToList(range)), name, out value);
            case Namespace space:
                return space.Attributes.TryGet(name, out value);
            case LoopContext loop:
                return loop.TryGet(name, out value);
            default:
                return TryHelper(owner, name, out value);
        }
    }

    private static bool TryHelper(object? owner, string name, out object? value)
    {
        Func<object?>? read = (owner, name) switch
        {
            (Cycler cycler, "current") => () => cycler.Current,
            (Cycler cycler, "next") => () => Method(name, cycler.Next),
            (Cycler cycler, "reset") => () => Method(name, cycler.Reset),
            (Macro macro, "name") => () => macro.Name,
            (Macro macro, "arguments") => () => new PyTuple([.. macro.ParameterNames]),
            (Macro macro, "catch_kwargs") => () => macro.Body.UsesKeywordArguments,
            (Macro macro, "catch_varargs") => () => macro.Body.UsesVariableArguments,
            (Macro macro, "caller") => () => macro.Body.UsesCaller,
            (double number, "is_integer") => () => Method(name, () => Math.Floor(number) == number),
            (BigInteger number, "bit_length") => () => Method(name, () => new BigInteger((long)BigInteger.Abs(number).GetBitLength())),
            _ => null,
        };
        value = read?.Invoke();
        return read is not null;
    }

    private static Function Method(string name, Func<object?> body) => new(name, arguments =>
    {
        arguments.ExpectNone(name);
        return body();
    });

    private static bool IsClosed(object? owner, string name)
    {
        if (owner is Namespace)
        {
            return false;
        }

        if (!name.StartsWith("__", StringComparison.Ordinal))
        {
            return (owner is PyDict && ContainerMethods.ChangeDict.Contains(name))
                || (owner is PyList && ContainerMethods.ChangeList.Contains(name));
        }

        return ObjectInternals.Contains(name)
            || (owner is string or SafeString or PySequence or PyDict or PyRange or DictView && ContainerInternals.Contains(name))
            || (owner is Callable && FunctionInternals.Contains(name));
    }

    private static bool TryIndex(object owner, int index, out object? item)
    {
        switch (owner)
        {
            case PySequence sequence:
                index = index < 0 ? index + sequence.Items.Count : index;
                bool isInside = index >= 0 && index < sequence.Items.Count;
                item = isInside ? sequence.Items[index] : null;
                return isInside;
            case PyRange range:
                index = index < 0 ? index + (int)range.Count : index;
                item = index >= 0 && index < range.Count ? range[index] : null;
                return item is not null;
            default:
                string? character = Character(PyConvert.ToText(owner), index);
                item = owner is SafeString && character is not null ? new SafeString(character) : character;
                return character is not null;
        }
    }

    private static string? Character(string text, int index)
    {
        int length = CodePoints.Length(text);
        index = index < 0 ? index + length : index;
        if (index < 0 || index >= length)
        {
            return null;
        }

        Meter.Step(text.Length >> 6);
        int at = CodePoints.IndexOf(text, index);
        return text.Substring(at, CodePoints.At(text, at) > char.MaxValue ? 2 : 1);
    }
}
