using System.Text.Json;
using Proxima.Core;
using Proxima.Core.Untrusted;

namespace Proxima.Data.Tasks;

/// <summary>A task file: a JSON array of <c>{"filepath": "data/x.jsonl", "prob": 0.7}</c>; // comments are allowed.</summary>
public sealed record TaskFile
{
    private const int MaxBytes = 1 << 20;

    private static readonly JsonDocumentOptions JsonOptions = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
        MaxDepth = 8,
    };

    /// <summary>Path of the task file.</summary>
    public required string Path { get; init; }

    /// <summary>The sources that are kept, in the order of the file, their weights normalised.</summary>
    public required IReadOnlyList<TaskSource> Sources { get; init; }

    /// <summary>Reads a task file; relative paths are looked for beside it, then in the current folder.</summary>
    /// <exception cref="ProximaException">the file or an entry is wrong, or a source does not exist</exception>
    public static TaskFile Load(string path) => Load(path, Directory.GetCurrentDirectory());

    /// <summary>Reads a task file; relative paths are looked for beside it, then in <paramref name="workingFolder"/>.</summary>
    /// <exception cref="ProximaException">the file or an entry is wrong, or a source does not exist</exception>
    public static TaskFile Load(string path, string workingFolder)
    {
        string[] folders = [System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) ?? workingFolder, workingFolder];
        List<TaskSource> sources = [];
        using JsonDocument document = Open(path);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Array)
        {
            throw Error(path, $"is a JSON {root.ValueKind}. Expected an array of {{\"filepath\": …, \"prob\": …}}");
        }

        int index = 0;
        foreach (JsonElement entry in root.EnumerateArray())
        {
            (string file, double weight) = ReadEntry(path, index++, entry);
            if (weight > 0)
            {
                sources.Add(new TaskSource(Resolve(path, file, folders), weight));
            }
        }

        double total = sources.Sum(source => source.Weight);
        if (sources.Count == 0 || !double.IsFinite(total))
        {
            throw Error(path, $"keeps {sources.Count} of {index} sources with total prob {total}. Expected at least one entry with prob above 0");
        }

        return new TaskFile { Path = path, Sources = [.. sources.Select(s => s with { Weight = s.Weight / total })] };
    }

    private static JsonDocument Open(string path)
    {
        try
        {
            return JsonDocument.Parse(BoundedFile.ReadAll(path, MaxBytes).AsMemory(), JsonOptions);
        }
        catch (JsonException e)
        {
            throw Error(path, $"is not valid JSON: {e.Message} Expected an array of {{\"filepath\": …, \"prob\": …}}", e);
        }
    }

    private static (string File, double Weight) ReadEntry(string path, int index, JsonElement entry)
    {
        string place = $"entry {index + 1}";
        if (entry.ValueKind != JsonValueKind.Object)
        {
            throw Error(path, $"{place} is {ShownText.Of(entry.GetRawText())}. Expected an object with \"filepath\" and perhaps \"prob\"");
        }

        string? file = null;
        double weight = 1;
        foreach (JsonProperty property in entry.EnumerateObject())
        {
            switch (property.Name)
            {
                case "filepath":
                    file = ReadPath(property.Value);
                    break;
                case "prob":
                    weight = ReadWeight(path, place, property.Value);
                    break;
                default:
                    throw Error(path, $"{place} has the unknown key \"{property.Name}\". Expected \"filepath\" and perhaps \"prob\"");
            }
        }

        return string.IsNullOrWhiteSpace(file)
            ? throw Error(path, $"{place} names no file: {ShownText.Of(entry.GetRawText())}. Expected \"filepath\", the path of a .jsonl or .jsonl.gz file")
            : (file, weight);
    }

    /// <summary>Null where no file can have such a name.</summary>
    private static string? ReadPath(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String && value.GetString() is { } path && !path.Contains('\0', StringComparison.Ordinal) ? path : null;
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair
        }
    }

    private static double ReadWeight(string path, string place, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double weight) && double.IsFinite(weight)
            ? weight
            : throw Error(path, $"{place} has prob {ShownText.Of(value.GetRawText())}. Expected a finite number; 0 or less drops the source");

    private static string Resolve(string path, string file, string[] folders)
    {
        string[] candidates = [.. folders.Select(folder => System.IO.Path.GetFullPath(file, System.IO.Path.GetFullPath(folder))).Distinct()];
        return candidates.FirstOrDefault(File.Exists)
            ?? throw Error(path, $"names {file}, which is not there. Looked for {string.Join(" and ", candidates)}");
    }

    private static ProximaException Error(string path, string problem, Exception? cause = null) =>
        new(ExitCode.Data, $"{path}: {problem}; correct the task file.", cause);
}
