using System.Text.Json;
using Proxima.Core.Runs;

namespace Proxima.Dashboard.Web;

/// <summary>
/// Reads metrics.jsonl while a run writes it: each <see cref="Refresh"/> takes in the whole lines that have come. A file that has become
/// shorter (the run was resumed from an earlier step) is read anew. Not safe for threads: <see cref="RunView"/> locks.
/// </summary>
public sealed class MetricsFollower(string path)
{
    private readonly Dictionary<string, MetricSeries> _series = [];
    private long _offset;

    /// <summary>Counts how often the file was read from its beginning; a reader that sees it change starts anew.</summary>
    public int Generation { get; private set; }

    /// <summary>Whole lines so far.</summary>
    public int LineCount { get; private set; }

    /// <summary>The last step that a line belongs to; 0 before there is one.</summary>
    public int LastStep { get; private set; }

    /// <summary>Metrics by name.</summary>
    public IReadOnlyDictionary<string, MetricSeries> Series => _series;

    /// <summary>Reads what is new.</summary>
    /// <returns>whether anything was</returns>
    public bool Refresh()
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        bool isShorter = file.Length < _offset;
        if (isShorter)
        {
            StartAnew();
        }

        if (file.Length == _offset)
        {
            return isShorter;
        }

        file.Position = _offset;
        byte[] bytes = new byte[file.Length - _offset];
        file.ReadExactly(bytes);
        int end = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        _offset += end;
        ReadOnlySpan<byte> rest = bytes.AsSpan(0, end);
        while (rest.Length > 0)
        {
            int length = rest.IndexOf((byte)'\n');
            Take(rest[..length]);
            rest = rest[(length + 1)..];
        }

        return end > 0 || isShorter;
    }

    private void StartAnew()
    {
        _series.Clear();
        _offset = 0;
        LineCount = 0;
        LastStep = 0;
        Generation++;
    }

    /// <summary>Takes in one line; one that is no flat object of numbers with a step is passed over, for it is not ours to mend.</summary>
    private void Take(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        int? step = null;
        List<(string Name, float Value)> numbers = [];
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                string name = reader.GetString()!;
                reader.Read();
                if (name == StepLine.Key)
                {
                    step = reader.GetInt32();
                }
                else if (reader.TokenType is JsonTokenType.Number or JsonTokenType.Null)
                {
                    numbers.Add((name, reader.TokenType == JsonTokenType.Null ? float.NaN : (float)reader.GetDouble()));
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            return;
        }

        if (step is not { } known)
        {
            return;
        }

        LastStep = Math.Max(LastStep, known);
        foreach ((string name, float value) in numbers)
        {
            if (!_series.TryGetValue(name, out MetricSeries? series))
            {
                _series[name] = series = new MetricSeries();
            }

            series.Add(LineCount, known, value);
        }

        LineCount++;
    }
}
