using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Proxima.Core.Runs;

namespace Proxima.Core.Binding;

/// <summary>Values of arguments as JSON that a config file can hold.</summary>
internal static class ValueJson
{
    /// <summary>The value as JSON on one line.</summary>
    public static string Of(object? value)
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter writer = new(text, FlatJson.OneLine))
        {
            Write(writer, value);
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }

    /// <summary>Writes a value of any type that an argument can have.</summary>
    public static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case int or long:
                writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number:
                writer.WriteRawValue(NumberText.Of(number));
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case Enum choice:
                writer.WriteStringValue(EnumText.Of(choice));
                break;
            case IEnumerable list:
                WriteList(writer, list);
                break;
            default:
                throw new NotSupportedException($"no JSON form for {value.GetType()}");
        }
    }

    private static void WriteList(Utf8JsonWriter writer, IEnumerable list)
    {
        writer.WriteStartArray();
        foreach (object? item in list)
        {
            Write(writer, item);
        }

        writer.WriteEndArray();
    }
}
