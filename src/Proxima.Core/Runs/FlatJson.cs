using System.Text.Encodings.Web;
using System.Text.Json;

namespace Proxima.Core.Runs;

/// <summary>How the JSON files of a run are written: readable text, no escapes that JSON does not need.</summary>
internal static class FlatJson
{
    public static JsonWriterOptions OneLine { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonWriterOptions Indented { get; } = OneLine with { Indented = true, NewLine = "\n" };
}
