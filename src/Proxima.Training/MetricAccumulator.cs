namespace Proxima.Training;

/// <summary>Metrics since the last log line: means, and extremes for names that end in _min or _max.</summary>
public sealed class MetricAccumulator
{
    private Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>What has been gathered so far, for checkpoints between two log lines.</summary>
    public IReadOnlyDictionary<string, Entry> Entries
    {
        get => _entries;
        set => _entries = new Dictionary<string, Entry>(value, StringComparer.Ordinal);
    }

    public void Add(string name, double value)
    {
        _entries.TryGetValue(name, out Entry? old);
        double kept = old is null ? value
            : name.EndsWith("_min", StringComparison.Ordinal) ? Math.Min(old.Value, value)
            : name.EndsWith("_max", StringComparison.Ordinal) ? Math.Max(old.Value, value)
            : old.Value + value;
        _entries[name] = new Entry(kept, (old?.Count ?? 0) + 1);
    }

    /// <summary>The metrics, in the order in which they first came; the accumulator is empty afterwards.</summary>
    public IReadOnlyDictionary<string, double> Flush()
    {
        Dictionary<string, double> metrics = _entries.ToDictionary(pair => pair.Key, pair => IsExtreme(pair.Key)
            ? pair.Value.Value
            : pair.Value.Value / pair.Value.Count);
        _entries = new Dictionary<string, Entry>(StringComparer.Ordinal);
        return metrics;
    }

    private static bool IsExtreme(string name) =>
        name.EndsWith("_min", StringComparison.Ordinal) || name.EndsWith("_max", StringComparison.Ordinal);

    /// <param name="Value">sum, or extreme</param>
    /// <param name="Count">values taken in</param>
    public sealed record Entry(double Value, int Count);
}
