using System.Collections;
using System.Globalization;
using System.Reflection;
using Proxima.Core.Settings;

namespace Proxima.Core.Binding;

/// <summary>One argument: its name, type, range, default and help, read from the property that holds it.</summary>
public sealed class ArgumentDefinition
{
    private readonly string? _defaultText;
    private readonly PropertyInfo _property;
    private readonly object? _default;

    internal ArgumentDefinition(PropertyInfo groupProperty, PropertyInfo property, object? defaultValue)
    {
        ArgumentAttribute attribute = property.GetCustomAttribute<ArgumentAttribute>()
            ?? throw new ArgumentException($"{property.Name} has no [Argument]", nameof(property));
        GroupProperty = groupProperty;
        _property = property;
        _default = defaultValue;
        _defaultText = attribute.Default;
        Name = SnakeCase.Of(property.Name);
        Help = attribute.Help;
        Bounds = property.GetCustomAttribute<BoundsAttribute>();
        IsNullable = new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
        ValueType = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Type = new ArgumentType(ValueType);
    }

    /// <summary>snake_case name.</summary>
    public string Name { get; }

    /// <summary>One line on its meaning.</summary>
    public string Help { get; }

    /// <summary>What kind of value it takes.</summary>
    public ArgumentType Type { get; }

    /// <summary>Whether it can be <c>none</c>.</summary>
    public bool IsNullable { get; }

    /// <summary>Range of its numbers.</summary>
    public BoundsAttribute? Bounds { get; }

    /// <summary>The default as shown to a reader: the value, or words where the value does not tell.</summary>
    public string DefaultText => _defaultText ?? TextOf(_default);

    /// <summary>Whether it must be given, always or in some cases that <see cref="DefaultText"/> tells.</summary>
    public bool IsRequired => DefaultText.StartsWith("required", StringComparison.Ordinal);

    /// <summary>Type and range in words: "a number, above 0, or none".</summary>
    public string Expected
    {
        get
        {
            string each = ValueType == typeof(IReadOnlyList<int>) ? "each " : "";
            string range = Bounds is null ? "" : $", {each}{Bounds}";
            return IsNullable ? $"{Type.Words}{range}, or none" : $"{Type.Words}{range}";
        }
    }

    internal Type ValueType { get; }

    internal PropertyInfo GroupProperty { get; }

    /// <summary>The value as text that the binder reads back; an empty text as two quotes.</summary>
    public static string TextOf(object? value) => value switch
    {
        null => "none",
        bool flag => flag ? "true" : "false",
        double number => NumberText.Of(number),
        Enum choice => EnumText.Of(choice) is { Length: > 0 } text ? text : "\"\"",
        string text => text.Length == 0 ? "\"\"" : text,
        IEnumerable list => string.Join(',', list.Cast<object?>().Select(TextOf)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>Whether the default is the value of a new record, and no other that words tell.</summary>
    internal bool HasPlainDefault => _defaultText is null;

    internal object? Default => _default;

    /// <summary>The value in a settings record of the root type.</summary>
    public object? ValueIn(object root) => _property.GetValue(GroupProperty.GetValue(root));

    internal void SetIn(object group, object? value) => _property.SetValue(group, value);
}
