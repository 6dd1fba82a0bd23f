using System.Reflection;
using Proxima.Core.Settings;

namespace Proxima.Core.Binding;

/// <summary>Enum values as they are written on the command line: snake_case, or what <see cref="ArgumentValueAttribute"/> says.</summary>
public static class EnumText
{
    /// <summary>The spelling of one value.</summary>
    public static string Of(Enum value)
    {
        string name = value.ToString();
        FieldInfo field = value.GetType().GetField(name)
            ?? throw new ArgumentException($"{name} is no value of {value.GetType().Name}", nameof(value));
        return field.GetCustomAttribute<ArgumentValueAttribute>()?.Text ?? SnakeCase.Of(name);
    }

    /// <summary>The spellings of all values, in their order.</summary>
    public static IReadOnlyList<string> All(Type enumType) => [.. Enum.GetValues(enumType).Cast<Enum>().Select(Of)];

    /// <summary>The value that is spelt <paramref name="text"/>, upper and lower case alike; null when there is none.</summary>
    internal static object? Find(Type enumType, string text) =>
        Enum.GetValues(enumType).Cast<Enum>().FirstOrDefault(value => Of(value).Equals(text, StringComparison.OrdinalIgnoreCase));
}
