using System.Text.Json;

namespace Proxima.Core.Runs;

/// <summary>Lines of a run's logs: JSON objects with the step that they belong to.</summary>
public static class StepLine
{
    public const string Key = "step";

    private const int ShownCharacters = 120;

    /// <summary>The step of a line; null when it is no such line, as the last one of a stopped process may be.</summary>
    public static int? StepOf(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(Key, out JsonElement step)
                && step.ValueKind == JsonValueKind.Number
                && step.TryGetInt32(out int number)
                ? number
                : null;
        }
        catch (JsonException)
        {
            return null; // the caller knows whether that is a mistake
        }
    }

    /// <summary>What is wrong with a line in the middle of a log.</summary>
    public static ProximaException Invalid(string path, int number, string line)
    {
        string shown = line.Length <= ShownCharacters ? line : line[..ShownCharacters] + "…";
        return new ProximaException(
            ExitCode.Data, $"{path}:{number}: expected a JSON object with a number \"{Key}\", found '{shown}'. Remove the line.");
    }
}
