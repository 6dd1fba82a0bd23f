using System.Text.Encodings.Web;
using System.Text.Json;

namespace Proxima.Data.Dialogues;

/// <summary>A dialogue → one line of the data protocol.</summary>
public static class DialogueLine
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON object, UTF-8, without a line end.</summary>
    public static byte[] Write(Dialogue dialogue)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Options))
        {
            writer.WriteStartObject();
            WriteFields(writer, dialogue);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>The keys of the protocol, those that are absent left out, into an object that has begun.</summary>
    public static void WriteFields(Utf8JsonWriter writer, Dialogue dialogue)
    {
        WriteTexts(writer, "src", dialogue.Src);
        WriteTexts(writer, "tgt", dialogue.Tgt);
        WriteOptional(writer, "system", dialogue.System);
        WriteOptional(writer, "label", dialogue.Label);
        if (dialogue.Response is not null)
        {
            WriteTexts(writer, "response", dialogue.Response);
        }

        if (dialogue.Sort is not null)
        {
            writer.WriteStartArray("sort");
            foreach (double rank in dialogue.Sort)
            {
                writer.WriteNumberValue(rank);
            }

            writer.WriteEndArray();
        }
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (string text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }
}
