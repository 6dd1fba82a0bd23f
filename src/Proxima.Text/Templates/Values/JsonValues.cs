using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Proxima.Text.Templates.Runtime;

namespace Proxima.Text.Templates.Values;

/// <summary>JSON as the values that Python's <c>json.loads</c> gives.</summary>
internal static class JsonValues
{
    public static object? From(JsonNode? node)
    {
        Meter.EnsureStack();
        switch (node)
        {
            case null:
                return null;
            case JsonArray array:
                Meter.Allocate(array.Count);
                return new PyList([.. array.Select(From)]);
            case JsonObject map:
                PyDict dict = new();
                foreach ((string key, JsonNode? value) in map)
                {
                    Meter.Allocate(1);
                    dict.Set(key, From(value));
                }

                return dict;
            default:
                return FromScalar(node);
        }
    }

    private static object? FromScalar(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.String => node.GetValue<string>(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null => null,
        _ => FromNumber(node.AsValue()),
    };

    private static object FromNumber(JsonValue value)
    {
        // A number made in memory is a float when its type is one; a number that was read, when it is written as one.
        if (!value.TryGetValue(out JsonElement _))
        {
            if (value.TryGetValue(out double real))
            {
                return real;
            }

            if (value.TryGetValue(out float single))
            {
                return (double)single;
            }
        }

        return FromNumber(value.ToJsonString());
    }

    private static object FromNumber(string text) => text.AsSpan().IndexOfAny(".eE") < 0 && text.Length <= 4300
        ? BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
        : double.Parse(text, CultureInfo.InvariantCulture);
}
