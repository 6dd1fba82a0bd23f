using System.IO.Compression;
using System.Text.Json;

namespace Proxima.EndToEnd.Tests;

/// <summary>What two runs must have in common.</summary>
internal static class RunFiles
{
    /// <summary>Fails unless two runs ended with the same weights and wrote the same metrics but for times.</summary>
    public static void AssertSameRun(TemporaryRun run, string first, string second) =>
        AssertSameRun(run, first, second, "actor", "critic");

    /// <summary>The same for runs that write other models.</summary>
    public static void AssertSameRun(TemporaryRun run, string first, string second, params string[] models)
    {
        AssertSameWeights(run, first, second, models);
        Assert.Equal(MetricsWithoutTimes(run[first, "metrics.jsonl"]), MetricsWithoutTimes(run[second, "metrics.jsonl"]));
    }

    private static void AssertSameWeights(TemporaryRun run, string first, string second, string[] models)
    {
        foreach (string model in models)
        {
            Assert.Equal(
                File.ReadAllBytes(run[first, model, "model.safetensors"]), File.ReadAllBytes(run[second, model, "model.safetensors"]));
        }
    }

    /// <summary>The lines of metrics.jsonl without what depends on the machine.</summary>
    public static IReadOnlyList<string> MetricsWithoutTimes(string path) => [.. File.ReadLines(path).Select(line =>
    {
        using JsonDocument document = JsonDocument.Parse(line);
        return string.Join(", ", document.RootElement.EnumerateObject()
            .Where(p => !DependsOnMachine(p.Name))
            .Select(p => $"{p.Name} {p.Value.GetRawText()}"));
    })];

    /// <summary>Whether a metric is another one each time.</summary>
    public static bool DependsOnMachine(string metric) =>
        new[] { "time/", "throughput/", "memory/" }.Any(group => metric.StartsWith(group, StringComparison.Ordinal));

    /// <summary>The lines of samples.jsonl.gz.</summary>
    public static IReadOnlyList<string> Samples(string path)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
