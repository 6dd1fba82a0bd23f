using System.Globalization;
using System.Numerics;
using Proxima.Text.Templates.Runtime;
using Proxima.Text.Templates.Values;

namespace Proxima.Text.Templates.Filters;

/// <summary>An attribute as filters name it: <c>"a.b.0"</c>, or an integer.</summary>
internal sealed class AttributePath
{
    private readonly object?[] _parts;
    private readonly object? _default;

    /// <param name="attribute">names with dots between them; digits are indices; None: the item itself</param>
    /// <param name="defaultValue">stands for what is undefined, unless None</param>
    public AttributePath(object? attribute, object? defaultValue = null)
    {
        _parts = attribute switch
        {
            null => [],
            string or SafeString => [.. PyConvert.ToText(attribute).Split('.').Select(Part)],
            _ => [attribute],
        };
        _default = defaultValue;
    }

    public object? Of(object? item)
    {
        foreach (object? part in _parts)
        {
            item = Members.Item(item, part);
            item = item is Undefined && _default is not null ? _default : item;
        }

        return item;
    }

    /// <summary>As <see cref="Of"/>, texts in lower case.</summary>
    public object? WithoutCase(object? item) => IgnoreCase(Of(item));

    public static object? IgnoreCase(object? value) => PyConvert.IsText(value) ? CaseMapping.Lower(PyConvert.ToText(value)) : value;

    private static object Part(string part) =>
        part.Length is > 0 and < 10 && part.All(char.IsAsciiDigit) ? BigInteger.Parse(part, CultureInfo.InvariantCulture) : part;
}
