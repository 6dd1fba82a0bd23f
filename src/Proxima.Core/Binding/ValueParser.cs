using System.Globalization;
using System.Text.Json;

namespace Proxima.Core.Binding;

/// <summary>Turns written values into values of an argument's type, culture-free.</summary>
internal static class ValueParser
{
    /// <summary>False when the value is of another type or outside the argument's range.</summary>
    public static bool TryParse(ArgumentDefinition argument, RawValue raw, out object? value)
    {
        value = null;
        if (raw.Kind == RawValueKind.Null || (argument.IsNullable && IsNone(raw)))
        {
            return argument.IsNullable;
        }

        Type type = argument.ValueType;
        if (type == typeof(string))
        {
            value = TextOf(raw);
            return value is string { Length: > 0 } || (value is not null && !argument.IsNullable);
        }

        value = type switch
        {
            _ when type == typeof(bool) => BooleanOf(raw),
            _ when type == typeof(int) => IntegerOf(raw) is { } whole and >= int.MinValue and <= int.MaxValue ? (int)whole : null,
            _ when type == typeof(long) => IntegerOf(raw),
            _ when type == typeof(double) => NumberOf(raw),
            _ when type == typeof(IReadOnlyList<int>) => IntegersOf(raw),
            _ when type == typeof(IReadOnlyList<string>) => TextsOf(raw),
            _ => TextOf(raw) is { } text ? EnumText.Find(type, text) : null,
        };
        return value is not null && IsInRange(argument, value);
    }

    private static bool IsNone(RawValue raw) => raw is { Kind: RawValueKind.Word or RawValueKind.Text, Text: "none" };

    private static bool IsInRange(ArgumentDefinition argument, object value)
    {
        return argument.Bounds is not { } bounds || value switch
        {
            int number => bounds.Allows(number),
            long number => bounds.Allows(number),
            double number => bounds.Allows(number),
            IReadOnlyList<int> numbers => numbers.All(number => bounds.Allows(number)),
            _ => true,
        };
    }

    private static string? TextOf(RawValue raw) => raw.Kind is RawValueKind.Word or RawValueKind.Text ? raw.Text : null;

    private static bool? BooleanOf(RawValue raw)
    {
        bool canBeBoolean = raw.Kind is RawValueKind.Word or RawValueKind.Boolean or RawValueKind.Number;
        return (canBeBoolean, raw.Text) switch
        {
            (true, "true" or "1") => true,
            (true, "false" or "0") => false,
            _ => null,
        };
    }

    private static long? IntegerOf(RawValue raw) =>
        raw.Kind is RawValueKind.Word or RawValueKind.Number
        && long.TryParse(raw.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : null;

    private static double? NumberOf(RawValue raw) =>
        raw.Kind is RawValueKind.Word or RawValueKind.Number
        && double.TryParse(raw.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        && double.IsFinite(number)
            ? number
            : null;

    private static int[]? IntegersOf(RawValue raw)
    {
        long?[] numbers = [.. ItemsOf(raw).Select(IntegerOf)];
        return numbers.Length > 0 && numbers.All(number => number is >= int.MinValue and <= int.MaxValue)
            ? [.. numbers.Select(number => (int)number!.Value)]
            : null;
    }

    private static string[]? TextsOf(RawValue raw)
    {
        string?[] texts = [.. ItemsOf(raw).Select(TextOf)];
        return texts.Length > 0 && texts.All(text => text is { Length: > 0 }) ? [.. texts.OfType<string>()] : null;
    }

    /// <summary>The entries of a list: of a JSON array, also as one word of the command line, or what stands between commas.</summary>
    private static IReadOnlyList<RawValue> ItemsOf(RawValue raw)
    {
        switch (raw.Kind)
        {
            case RawValueKind.List:
                return raw.Items!;
            case RawValueKind.Number:
                return [raw];
            case RawValueKind.Word when raw.Text.StartsWith('['):
                return ItemsOfJson(raw.Text);
            case RawValueKind.Word or RawValueKind.Text:
                return [.. raw.Text.Split(',').Select(item => new RawValue(RawValueKind.Word, item.Trim()))];
            default:
                return [];
        }
    }

    private static List<RawValue> ItemsOfJson(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return [.. document.RootElement.EnumerateArray().Select(SettingsFileReader.ScalarOf)];
        }
        catch (JsonException)
        {
            // Not a list: the caller reports the word as it was written.
            return [];
        }
    }
}
