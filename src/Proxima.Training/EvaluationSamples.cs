using System.Text.Encodings.Web;
using System.Text.Json;
using Proxima.Core.Runs;

namespace Proxima.Training;

/// <summary>Writes eval_out-stepN-rankR.jsonl.</summary>
public static class EvaluationSamples
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>One line a response.</summary>
    public static void Write(string path, IReadOnlyList<EvaluatedSample> samples) =>
        AtomicFile.WriteText(path, string.Concat(samples.Select(sample => JsonSerializer.Serialize(sample, Options) + "\n")));
}
