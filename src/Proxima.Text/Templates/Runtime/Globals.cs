using System.Numerics;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Runtime;

/// <summary>Functions that every template knows.</summary>
internal static class Globals
{
    public static Scope Create(RenderState state)
    {
        Scope scope = new(null);
        Add(scope, "range", Range);
        Add(scope, "dict", arguments => Dict("dict", arguments));
        Add(scope, "namespace", arguments => new Namespace(Dict("namespace", arguments)));
        Add(scope, "cycler", arguments => new Cycler(WithoutKeywords(arguments)));
        Add(scope, "joiner", arguments => new Joiner(arguments.Bind("joiner", 0, "sep").Or(0, ", ")));
        Add(scope, "lipsum", _ => throw TemplateException.Runtime("lipsum is not to be had in a chat template: a rendering must be repeatable"));
        Add(scope, "raise_exception", Raise);
        Add(scope, "strftime_now", arguments => Strftime.Format(
            PyConvert.ToText(arguments.Bind("strftime_now", 1, "format")[0]),
            state.Clock.GetLocalNow()));
        return scope;
    }

    private static void Add(Scope scope, string name, Func<Arguments, object?> body) => scope.Set(name, new Function(name, body));

    private static IReadOnlyList<object?> WithoutKeywords(Arguments arguments) => arguments.Keyword.Count == 0
        ? arguments.Positional
        : throw TemplateException.Runtime($"cycler() got an unexpected keyword argument '{arguments.Keyword.Entries[0].Key}'");

    private static object? Raise(Arguments arguments) =>
        throw new TemplateException(TemplateErrorKind.RaiseException, PyText.Str(arguments.Bind("raise_exception", 1, "message")[0]));

    private static object? Range(Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("range", 1, "start", "stop", "step");
        bool hasStart = bound.IsGiven(1);
        PyRange range = new(
            hasStart ? PyConvert.ToInteger(bound[0]) : BigInteger.Zero,
            PyConvert.ToInteger(bound[hasStart ? 1 : 0]),
            PyConvert.ToInteger(bound.Or(2, BigInteger.One)));
        if (range.Step.IsZero)
        {
            throw TemplateException.Runtime("range() arg 3 must not be zero");
        }

        return range.Count <= PyRange.MaxCount
            ? range
            : throw TemplateException.Runtime($"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({PyRange.MaxCount}).");
    }

    private static PyDict Dict(string function, Arguments arguments)
    {
        PyDict dict = new();
        if (arguments.Positional.Count > 1)
        {
            throw TemplateException.Runtime($"{function} expected at most 1 argument, got {arguments.Positional.Count}");
        }

        if (arguments.Positional.Count == 1)
        {
            AddAll(dict, arguments.Positional[0]);
        }

        foreach ((object? key, object? value) in arguments.Keyword.Entries)
        {
            dict.Set(key, value);
        }

        return dict;
    }

    private static void AddAll(PyDict dict, object? source)
    {
        if (source is Undefined undefined)
        {
            throw undefined.Failure();
        }

        IEnumerable<object?> pairs = source is PyDict other ? new DictView(other, DictPart.Items).Items : Iteration.Over(source);
        foreach (object? pair in pairs)
        {
            List<object?> items = Iteration.ToList(pair);
            if (items.Count != 2)
            {
                throw TemplateException.Runtime($"dictionary update sequence element has length {items.Count}; 2 is required");
            }

            Meter.Allocate(1);
            dict.Set(items[0], items[1]);
        }
    }
}
