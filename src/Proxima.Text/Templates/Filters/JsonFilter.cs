using System.Numerics;
using Proxima.Text.Templates.Formatting;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Filters;

/// <summary><c>tojson</c> as transformers sets it up: no HTML escaping.</summary>
internal static class JsonFilter
{
    public static object? ToJson(object? value, Arguments arguments)
    {
        BoundArguments bound = arguments.Bind("tojson", 0, "ensure_ascii", "indent", "separators", "sort_keys");
        string? indent = bound[1] switch
        {
            null => null,
            BigInteger or bool => new string(' ', Math.Clamp(PyConvert.ToInt(bound[1]), 0, 1 << 16)),
            _ => bound.Text(1),
        };
        (string items, string keys) = (indent is null ? ", " : ",", ": ");
        if (bound[2] is not null)
        {
            List<object?> separators = Iteration.ToList(bound[2]);
            (items, keys) = separators.Count == 2
                ? (PyConvert.ToText(separators[0]), PyConvert.ToText(separators[1]))
                : throw TemplateException.Runtime($"separators has {separators.Count} entries, expected 2");
        }

        JsonText writer = new()
        {
            Indent = indent,
            ItemSeparator = items,
            KeySeparator = keys,
            EnsureAscii = bound.Flag(0),
            SortKeys = bound.Flag(3),
        };
        return writer.Write(value);
    }
}
