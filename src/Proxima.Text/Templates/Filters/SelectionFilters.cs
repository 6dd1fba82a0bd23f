using Proxima.Text.Templates.Runtime;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Filters;

/// <summary>Filters that apply a filter or a test to every item.</summary>
internal static class SelectionFilters
{
    public static object? Map(RenderState state, object? value, Arguments arguments) => new PyIterator(Mapped(state, value, arguments));

    public static object? Select(RenderState state, object? value, Arguments arguments, Keep keep) =>
        new PyIterator(Selected(state, value, arguments, keep, null));

    public static object? SelectAttribute(RenderState state, object? value, Arguments arguments, Keep keep) =>
        new PyIterator(SelectedByAttribute(state, value, arguments, keep));

    private static IEnumerable<object?> Mapped(RenderState state, object? value, Arguments arguments)
    {
        if (!PyTruth.Of(value))
        {
            yield break;
        }

        Func<object?, object?> map = Mapping(state, arguments);
        foreach (object? item in Iteration.Over(value))
        {
            yield return map(item);
        }
    }

    private static Func<object?, object?> Mapping(RenderState state, Arguments arguments)
    {
        if (arguments.Positional.Count == 0)
        {
            if (!arguments.Keyword.TryGet("attribute", out _))
            {
                throw TemplateException.Runtime("map requires a filter argument");
            }

            BoundArguments bound = arguments.Bind("map", 0, "attribute", "default");
            return new AttributePath(bound[0], bound[1]).Of;
        }

        string name = Name(arguments.Positional[0], "filter");
        Arguments rest = arguments.Skip(1);
        return item => FilterTable.Apply(name, state, item, rest);
    }

    private static IEnumerable<object?> SelectedByAttribute(RenderState state, object? value, Arguments arguments, Keep keep)
    {
        if (!PyTruth.Of(value))
        {
            return [];
        }

        return arguments.Positional.Count > 0
            ? Selected(state, value, arguments.Skip(1), keep, new AttributePath(arguments.Positional[0]))
            : throw TemplateException.Runtime("Missing parameter for attribute name");
    }

    private static IEnumerable<object?> Selected(RenderState state, object? value, Arguments arguments, Keep keep, AttributePath? path)
    {
        if (!PyTruth.Of(value))
        {
            yield break;
        }

        bool hasTest = arguments.Positional.Count > 0;
        string? name = hasTest ? Name(arguments.Positional[0], "test") : null;
        Arguments rest = hasTest ? arguments.Skip(1) : arguments;
        foreach (object? item in Iteration.Over(value))
        {
            object? tested = path is null ? item : path.Of(item);
            bool passes = name is null ? PyTruth.Of(tested) : TestTable.Apply(name, tested, rest);
            if (passes == (keep == Keep.Passing))
            {
                yield return item;
            }
        }
    }

    private static string Name(object? name, string what) => PyConvert.IsText(name)
        ? PyConvert.ToText(name)
        : throw TemplateException.Runtime($"No {what} named {(name is Undefined ? "Undefined (did you forget to quote the callable name?)" : PyText.Repr(name))}.");
}
