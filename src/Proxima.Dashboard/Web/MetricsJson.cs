using System.Globalization;
using System.Text.Json;

namespace Proxima.Dashboard.Web;

/// <summary>
/// A run's metrics in columns, as the page takes them: <c>{"generation":0,"lines":40,"series":{"policy/loss":{"steps":[1,2],"values":[-0.1,null]}}}</c>.
/// </summary>
internal static class MetricsJson
{
    /// <summary>The points of a line and of later ones. Numbers have six digits, more than any screen shows.</summary>
    public static byte[] Of(MetricsFollower metrics, int fromLine)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("generation", metrics.Generation);
            writer.WriteNumber("lines", metrics.LineCount);
            writer.WriteStartObject("series");
            foreach ((string name, MetricSeries series) in metrics.Series)
            {
                WriteSeries(writer, name, series, series.FirstSince(fromLine));
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteSeries(Utf8JsonWriter writer, string name, MetricSeries series, int first)
    {
        if (first == series.Count)
        {
            return;
        }

        writer.WriteStartObject(name);
        writer.WriteStartArray("steps");
        for (int i = first; i < series.Count; i++)
        {
            writer.WriteNumberValue(series.Steps[i]);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("values");
        for (int i = first; i < series.Count; i++)
        {
            float value = series.Values[i];
            writer.WriteRawValue(float.IsFinite(value) ? value.ToString("g6", CultureInfo.InvariantCulture) : "null", skipInputValidation: true);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
