using System.Text.Json;

namespace Proxima.Curves;

/// <summary>Reads curves of runs (metrics.jsonl) and of recorded references.</summary>
internal static class CurveReader
{
    /// <summary>A metric of a run folder.</summary>
    public static Curve OfRun(string label, string folder, string metric)
    {
        List<(double, double)> points = [];
        foreach (string line in File.ReadLines(Path.Combine(folder, "metrics.jsonl")))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.TryGetProperty(metric, out JsonElement value))
            {
                points.Add((document.RootElement.GetProperty("step").GetDouble(), value.GetDouble()));
            }
        }

        return new Curve(label, IsReference: false, points);
    }

    /// <summary>All seeds of one kind of reference run, "FILE#RUN NAME".</summary>
    public static IEnumerable<Curve> OfReference(string label, string place, string metric)
    {
        string[] parts = place.Split('#', 2);
        string field = metric switch
        {
            "eval/gold_mean" => "gold",
            "eval/kl_per_seq" => "kl",
            "eval/reward_mean" => "proxy",
            "eval/distinct_2" => "distinct_2",
            _ => throw new ArgumentException($"the references have no counterpart of {metric}"),
        };
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(parts[0]));
        List<Curve> curves = [];
        foreach (JsonElement run in document.RootElement.GetProperty("runs").EnumerateArray())
        {
            if (run.GetProperty("name").GetString() == parts[1])
            {
                curves.Add(new Curve(label, IsReference: true, [.. run.GetProperty("evaluations").EnumerateArray()
                    .Select(e => (e.GetProperty("rollout").GetDouble(), e.GetProperty(field).GetDouble()))]));
            }
        }

        return curves.Count > 0 ? curves : throw new ArgumentException($"{parts[0]} has no run named {parts[1]}");
    }
}
