using System.Text.Json;
using Proxima.Core.Runs;

namespace Proxima.Dashboard.Web;

/// <summary>One run as the page sees it. Reads files of its folder, and writes none.</summary>
public sealed class RunView(string id, string name, string folder)
{
    private readonly Lock _lock = new();
    private readonly MetricsFollower _metrics = new(Path.Combine(folder, RunFolder.MetricsName));
    private readonly SampleFollower _samples = new(Path.Combine(folder, RunFolder.SamplesName));

    /// <summary>What requests call it; nothing of a request becomes a path.</summary>
    public string Id => id;

    /// <summary>What people call it: its path below the folder that is shown.</summary>
    public string Name => name;

    /// <summary>Reads what is new.</summary>
    /// <returns>whether anything was</returns>
    public bool Refresh()
    {
        lock (_lock)
        {
            bool newMetrics = _metrics.Refresh();
            return _samples.Refresh() || newMetrics;
        }
    }

    /// <summary>Does something with the metrics, while nobody changes them.</summary>
    public T WithMetrics<T>(Func<MetricsFollower, T> use)
    {
        lock (_lock)
        {
            return use(_metrics);
        }
    }

    /// <summary>Does something with the samples, while nobody changes them.</summary>
    public T WithSamples<T>(Func<SampleFollower, T> use)
    {
        lock (_lock)
        {
            return use(_samples);
        }
    }

    /// <summary>The run's effective settings: name → value as JSON text. Empty where the file is missing or no JSON object.</summary>
    public IReadOnlyDictionary<string, string> Settings()
    {
        string path = Path.Combine(folder, RunFolder.ConfigName);
        if (!File.Exists(path))
        {
            return new Dictionary<string, string>();
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(
                File.ReadAllText(path), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return document.RootElement.EnumerateObject().ToDictionary(property => property.Name, property => property.Value.ToString());
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or IOException)
        {
            return new Dictionary<string, string>();
        }
    }
}
