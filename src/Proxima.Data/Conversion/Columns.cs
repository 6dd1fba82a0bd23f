using System.Text.Json.Nodes;

namespace Proxima.Data.Conversion;

/// <summary>Values of columns.</summary>
internal static class Columns
{
    /// <summary>The text of a column; null when it is absent, null or no text.</summary>
    public static string? Text(JsonObject row, string column) => TextOf(row[column]);

    /// <summary>A value that is a text; null for any other.</summary>
    public static string? TextOf(JsonNode? value) => value is JsonValue scalar && scalar.TryGetValue(out string? text) ? text : null;

    /// <summary>Whether a column has a value.</summary>
    public static bool Has(JsonObject row, string column) => row[column] is not null;
}
