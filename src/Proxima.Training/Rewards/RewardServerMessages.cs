using System.Text.Encodings.Web;
using System.Text.Json;
using Proxima.Data.Dialogues;

namespace Proxima.Training.Rewards;

/// <summary>
/// What goes to a reward server and comes back: {"src": […], "tgt": […], "response": […], "label": […]} with one entry an answer, and
/// {"error_code": 0, "error_msg": "", "score": […]}.
/// </summary>
internal static class RewardServerMessages
{
    private const int ShownCharacters = 300;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The request for a batch, as UTF-8. Labels are null where a dialogue has none; system is there when one has it.</summary>
    public static byte[] Request(IReadOnlyList<(Dialogue Dialogue, string Response)> batch)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Options))
        {
            writer.WriteStartObject();
            WriteColumn("src", pair => WriteTexts(pair.Dialogue.Src));
            WriteColumn("tgt", pair => WriteTexts(pair.Dialogue.Tgt));
            WriteColumn("response", pair => writer.WriteStringValue(pair.Response));
            WriteColumn("label", pair => writer.WriteStringValue(pair.Dialogue.Label));
            if (batch.Any(pair => pair.Dialogue.System is not null))
            {
                WriteColumn("system", pair => writer.WriteStringValue(pair.Dialogue.System));
            }

            writer.WriteEndObject();

            void WriteColumn(string name, Action<(Dialogue Dialogue, string Response)> write)
            {
                writer.WriteStartArray(name);
                foreach ((Dialogue Dialogue, string Response) pair in batch)
                {
                    write(pair);
                }

                writer.WriteEndArray();
            }

            void WriteTexts(IReadOnlyList<string> texts)
            {
                writer.WriteStartArray();
                foreach (string text in texts)
                {
                    writer.WriteStringValue(text);
                }

                writer.WriteEndArray();
            }
        }

        return buffer.ToArray();
    }

    /// <summary>The scores of an answer.</summary>
    /// <param name="answer">the body</param>
    /// <param name="count">how many scores were asked for</param>
    /// <exception cref="FormatException">the server reports an error, or the answer is not what was asked for</exception>
    public static double[] Scores(byte[] answer, int count)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(answer);
            return Scores(document.RootElement, count);
        }
        catch (JsonException exception)
        {
            throw new FormatException(
                $"the answer is no JSON: {exception.Message} Expected {{\"error_code\": 0, \"error_msg\": \"\", \"score\": […]}}, found {Shown(answer)}.", exception);
        }
    }

    /// <summary>The beginning of a text from outside, fit for one line of a message.</summary>
    public static string Shown(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> beginning = text[..Math.Min(text.Length, ShownCharacters)];
        string shown = JsonSerializer.Serialize(System.Text.Encoding.UTF8.GetString(beginning));
        return beginning.Length < text.Length ? $"{shown} and more" : shown;
    }

    private static double[] Scores(JsonElement root, int count)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"the answer is {Shown(root)}. Expected an object with error_code, error_msg and score.");
        }

        if (!root.TryGetProperty("error_code", out JsonElement code) || code.ValueKind != JsonValueKind.Number)
        {
            throw new FormatException("the answer has no number error_code. Expected 0, or another number with its error_msg.");
        }

        if (!code.TryGetInt64(out long error) || error != 0)
        {
            string reason = root.TryGetProperty("error_msg", out JsonElement message) ? Shown(message) : "no error_msg";
            throw new FormatException($"the server reports error_code {Shown(code)}, {reason}.");
        }

        if (!root.TryGetProperty("score", out JsonElement scores) || scores.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException("the answer has no list score. Expected one number for each response.");
        }

        return scores.GetArrayLength() == count
            ? [.. scores.EnumerateArray().Select(Score)]
            : throw new FormatException($"the answer has {scores.GetArrayLength()} scores. Expected {count}, one for each response in their order.");
    }

    private static double Score(JsonElement element, int index) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double score) && double.IsFinite(score)
            ? score
            : throw new FormatException($"score[{index}] is {Shown(element)}. Expected a finite number.");

    private static string Shown(JsonElement element)
    {
        string text = element.GetRawText();
        return text.Length <= ShownCharacters ? text : $"{text[..ShownCharacters]} and more";
    }
}
