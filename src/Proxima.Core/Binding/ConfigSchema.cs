using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Proxima.Core.Runs;
using Proxima.Core.Settings;

namespace Proxima.Core.Binding;

/// <summary>The JSON Schema (draft 7) of a command's config files, with which editors complete and check them.</summary>
public static class ConfigSchema
{
    /// <summary>The key of a config file that names its schema.</summary>
    public const string Key = "$schema";

    private const string Draft = "http://json-schema.org/draft-07/schema#";

    /// <summary>The schema as text. It takes what the binder takes, choices in the spelling of the tables alone.</summary>
    /// <param name="schema">the command's arguments</param>
    /// <param name="command">the command as typed: "proxima ppo"</param>
    public static string Text(ArgumentSchema schema, string command)
    {
        JsonObject properties = new() { [Key] = new JsonObject { ["type"] = "string" } };
        foreach (ArgumentDefinition argument in schema.Arguments)
        {
            properties[argument.Name] = OfArgument(argument);
        }

        JsonObject root = new()
        {
            [Key] = Draft,
            ["title"] = $"Config of {command}",
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
        using MemoryStream text = new();
        using (Utf8JsonWriter writer = new(text, FlatJson.Indented))
        {
            root.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(text.ToArray()) + "\n";
    }

    private static JsonObject OfArgument(ArgumentDefinition argument)
    {
        JsonNode[] forms = [.. Forms(argument), .. argument.IsNullable ? [Choice("none", null)] : Array.Empty<JsonNode>()];
        JsonObject result = forms is [JsonObject only] ? only : new JsonObject { ["anyOf"] = new JsonArray(forms) };
        result["description"] = $"{argument.Help} ({(argument.IsRequired ? "" : "default ")}{argument.DefaultText})";
        if (argument.HasPlainDefault)
        {
            result["default"] = JsonNode.Parse(ValueJson.Of(argument.Default));
        }

        return result;
    }

    /// <summary>The ways in which a value that is not none can be written.</summary>
    private static IEnumerable<JsonNode> Forms(ArgumentDefinition argument)
    {
        Type type = argument.ValueType;
        if (argument.Type.Choices.Count > 0)
        {
            yield return Choice([.. argument.Type.Choices.Select(choice => JsonValue.Create(choice))]);
        }
        else if (type == typeof(bool))
        {
            yield return Choice(true, false, 1, 0);
        }
        else if (type == typeof(string))
        {
            yield return argument.IsNullable ? new JsonObject { ["type"] = "string", ["minLength"] = 1 } : new JsonObject { ["type"] = "string" };
        }
        else if (type == typeof(IReadOnlyList<int>) || type == typeof(IReadOnlyList<string>))
        {
            JsonObject item = type == typeof(IReadOnlyList<int>) ? Number("integer", argument.Bounds) : new JsonObject { ["type"] = "string", ["minLength"] = 1 };
            yield return new JsonObject { ["type"] = "array", ["items"] = item, ["minItems"] = 1 };
            yield return new JsonObject { ["type"] = "string", ["minLength"] = 1 };
            if (type == typeof(IReadOnlyList<int>))
            {
                yield return Number("integer", argument.Bounds);
            }
        }
        else
        {
            yield return Number(type == typeof(double) ? "number" : "integer", argument.Bounds);
            if (argument.Bounds is { } bounds && !double.IsNaN(bounds.Or))
            {
                yield return Choice(bounds.Or);
            }
        }
    }

    private static JsonObject Number(string type, BoundsAttribute? bounds)
    {
        JsonObject result = new() { ["type"] = type };
        (string Word, double Limit)[] limits = bounds is null
            ? []
            : [("minimum", bounds.AtLeast), ("exclusiveMinimum", bounds.Above), ("maximum", bounds.AtMost), ("exclusiveMaximum", bounds.Below)];
        foreach ((string word, double limit) in limits.Where(pair => !double.IsNaN(pair.Limit)))
        {
            result[word] = JsonValue.Create(limit);
        }

        return result;
    }

    private static JsonObject Choice(params JsonNode?[] values) => new() { ["enum"] = new JsonArray(values) };
}
