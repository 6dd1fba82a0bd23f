using System.Text.Encodings.Web;
using System.Text.Json;

namespace Proxima.Core.Runs;

/// <summary>run_record.json: <c>{"starts": […]}</c>, one <see cref="RunStart"/> for each time that the run was started.</summary>
public static class RunRecord
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>Adds a start to those before it; the file appears whole or not at all.</summary>
    /// <param name="path">the file; it need not exist</param>
    /// <param name="start">this start</param>
    /// <exception cref="ProximaException">the file is damaged</exception>
    public static void Append(string path, RunStart start)
    {
        Content earlier = File.Exists(path) ? Read(path) : new Content([]);
        AtomicFile.WriteText(path, JsonSerializer.Serialize(new Content([.. earlier.Starts, start]), Options) + "\n");
    }

    /// <summary>Every start, the first one first.</summary>
    /// <exception cref="ProximaException">the file is damaged</exception>
    public static IReadOnlyList<RunStart> Load(string path) => Read(path).Starts;

    private static Content Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Content>(File.ReadAllText(path), Options) ?? throw new JsonException("it is null");
        }
        catch (JsonException exception)
        {
            throw new ProximaException(ExitCode.Data, $"{path} is damaged: {exception.Message} Move it away and resume again.", exception);
        }
    }

    private sealed record Content(IReadOnlyList<RunStart> Starts);
}
