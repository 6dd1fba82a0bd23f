using System.Text.Json;
using Proxima.Core.Settings;

namespace Proxima.Data.Dialogues;

/// <summary>From the names of the command line to what a line must hold.</summary>
public static class DialogueKinds
{
    /// <summary>The kind of a name.</summary>
    /// <param name="kind">any but auto</param>
    public static DialogueKind Of(DataKind kind) => kind switch
    {
        DataKind.Ppo => DialogueKind.Prompt,
        DataKind.Sft => DialogueKind.Supervised,
        DataKind.Preference => DialogueKind.Preference,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "auto is no kind of line"),
    };

    /// <summary>What the first line of a file looks like it is for; prompts when it does not tell.</summary>
    /// <param name="path">a .jsonl or .jsonl.gz file</param>
    /// <exception cref="Core.ProximaException">the file cannot be read</exception>
    public static DataKind Guess(string path) => DialogueReader.Guard(path, () =>
    {
        using DialogueStream stream = DialogueStream.Open(path);
        BoundedLineReader lines = new(stream.Content, DialogueReader.MaxLineBytes, stream.MaxBytes);
        return lines.Read() ? Guess(lines.Line) : DataKind.Ppo;
    });

    private static DataKind Guess(ReadOnlyMemory<byte> line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            return root.ValueKind != JsonValueKind.Object ? DataKind.Ppo
                : root.TryGetProperty("response", out _) && root.TryGetProperty("sort", out _) ? DataKind.Preference
                : Length(root, "src") is > 0 and var turns && Length(root, "tgt") == turns ? DataKind.Sft
                : DataKind.Ppo;
        }
        catch (JsonException)
        {
            return DataKind.Ppo;
        }
    }

    private static int Length(JsonElement root, string key) =>
        root.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Array ? value.GetArrayLength() : 0;
}
