using System.Text.Json;
using Proxima.Core.Binding;
using Proxima.Core.Runs;

namespace Proxima.Core.Metrics;

/// <summary>
/// metrics.jsonl: one flat JSON object a line, <c>{"step":3,"objective/kl_per_seq":0.41}</c>. Numbers are written in the shortest form that gives
/// the same number back; one that is not finite is null.
/// </summary>
public sealed class MetricsLog : IDisposable
{
    private readonly FileStream _file;

    private MetricsLog(FileStream file) => _file = file;

    /// <summary>Opens the file to append, and makes it when there is none.</summary>
    public static MetricsLog Open(string path) => new(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read));

    /// <summary>
    /// Opens the file after the lines of later steps are taken away, so that a resumed run writes no step twice. A last line that a
    /// stopped process left half written goes too.
    /// </summary>
    /// <param name="path">the file; it need not exist</param>
    /// <param name="lastStep">last step whose lines stay</param>
    /// <exception cref="ProximaException">a line before the last is no metrics line</exception>
    public static MetricsLog OpenAfter(string path, int lastStep)
    {
        if (File.Exists(path))
        {
            string[] lines = File.ReadAllLines(path);
            IEnumerable<string> kept = lines.Where((line, index) => StepOf(path, lines, index) <= lastStep);
            AtomicFile.WriteText(path, string.Concat(kept.Select(line => line + "\n")));
        }

        return Open(path);
    }

    /// <summary>Writes one line and hands it to the system, so that a reader of the file sees it whole.</summary>
    /// <param name="step">the step it belongs to</param>
    /// <param name="metrics">name → number, in the order to be written</param>
    public void Append(int step, IEnumerable<KeyValuePair<string, double>> metrics)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, FlatJson.OneLine))
        {
            writer.WriteStartObject();
            writer.WriteNumber(StepLine.Key, step);
            foreach ((string name, double number) in metrics)
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(double.IsFinite(number) ? NumberText.Of(number) : "null");
            }

            writer.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        _file.Write(buffer.GetBuffer(), 0, (int)buffer.Length);
        _file.Flush();
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The step of a line; beyond every step for a torn last line.</summary>
    private static int StepOf(string path, string[] lines, int index) =>
        StepLine.StepOf(lines[index]) ?? (index == lines.Length - 1 ? int.MaxValue : throw StepLine.Invalid(path, index + 1, lines[index]));
}
