using System.Globalization;
using System.Net;
using System.Text;
using Proxima.Dashboard.Web;

namespace Proxima.Dashboard.Comparison;

/// <summary>The comparison of runs as one HTML file that needs no other: table, curves, differing settings, win rates.</summary>
/// <param name="runs">the runs</param>
/// <param name="tables">more tables, each with a title, a line about it, its head and its rows</param>
public sealed class ComparisonReport(ComparedRuns runs, IReadOnlyList<(string Title, string About, IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<string>> Rows)> tables)
{
    private const int ManyPoints = 60;
    private const double Smoothing = 0.9;
    private const string Words = "Lines are smoothed where a run has more than 60 points (exponential mean, weight 0.9).";

    private static readonly string[] LightColours = ["#0b5cd5", "#bc4c00", "#1a7f37", "#8250df", "#cf222e", "#0e7490", "#7d4e00", "#bf3989"];
    private static readonly string[] DarkColours = ["#4493f8", "#f0883e", "#3fb950", "#ab7df8", "#f85149", "#39c5cf", "#d29922", "#db61a2"];

    private const string Style = """
        :root { color-scheme: light dark; --back: #f6f8fa; --card: #fff; --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; }
        body { margin: 0 auto; max-width: 1400px; padding: 16px; background: var(--back); color: var(--ink); font: 15px/1.45 system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif; }
        h1 { font-size: 20px; margin: 0 0 4px; } h2 { font-size: 16px; margin: 26px 0 8px; } p { color: var(--soft); margin: 4px 0 10px; }
        .scroll { overflow-x: auto; } table { border-collapse: collapse; background: var(--card); border: 1px solid var(--line); }
        th, td { text-align: right; padding: 4px 12px; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; white-space: nowrap; }
        th:first-child, td:first-child { text-align: left; } th { color: var(--soft); font-size: 13px; }
        .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 380px), 1fr)); gap: 10px; }
        figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 8px; min-width: 0; } figcaption { font-size: 13px; font-weight: 600; margin-bottom: 4px; }
        svg { width: 100%; height: auto; display: block; } svg text { font-size: 11px; fill: var(--soft); } .grid { stroke: var(--line); stroke-width: .6; }
        .line { fill: none; stroke-width: 1.6; stroke-linejoin: round; } .legend { display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 8px 0; position: sticky; top: 0; background: var(--back); }
        .legend svg { width: 20px; height: 10px; display: inline-block; margin-right: 6px; }
        @media (prefers-color-scheme: dark) { :root { --back: #0d1117; --card: #161b22; --ink: #e6edf3; --soft: #9198a1; --line: #30363d; } }

        """;

    /// <summary>The file.</summary>
    public string Html()
    {
        StringBuilder html = new();
        html.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
            .Append(Text(string.Join(", ", runs.Names))).Append("</title>\n<style>\n").Append(Style).Append(Colours(LightColours, "")).Append(Colours(DarkColours, "@media (prefers-color-scheme: dark) "))
            .Append("</style>\n</head>\n<body>\n<main>\n<h1>Comparison of runs</h1>\n<div class=\"legend\">");
        for (int i = 0; i < runs.Names.Count; i++)
        {
            html.Append("<span><svg viewBox=\"0 0 20 10\" aria-hidden=\"true\"><path class=\"line run").Append((i % LightColours.Length).ToString(CultureInfo.InvariantCulture))
                .Append("\" d=\"M0 5H20\"/></svg>").Append(Text(runs.Names[i])).Append("</span>");
        }

        html.Append("</div>\n");
        foreach ((string title, string about, IReadOnlyList<string> head, IReadOnlyList<IReadOnlyList<string>> rows) in tables)
        {
            AppendTable(html, title, about, head, rows);
        }

        html.Append("<h2>Curves</h2>\n<p>").Append(Words).Append("</p>\n<div class=\"charts\">\n");
        foreach (string metric in runs.Metrics)
        {
            html.Append("<figure><figcaption>").Append(Text(metric)).Append("</figcaption>").Append(Chart(metric)).Append("</figure>\n");
        }

        html.Append("</div>\n");
        AppendTable(html, "Numbers", "Metrics of steps are means over the last tenth of a run.", ["", .. runs.Names], Rows(runs.Summary()));
        IReadOnlyList<(string, IReadOnlyList<string>)> settings = runs.DifferingSettings();
        AppendTable(html, "Settings that differ", settings.Count == 0 ? "None." : "From run_config.json.", ["", .. runs.Names], Rows(settings));
        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private string Chart(string metric)
    {
        (int, IReadOnlyList<int>, double[])[] lines =
        [
            .. runs.Series(metric).Select((series, run) => (series, run)).Where(pair => pair.series is { Count: > 0 })
                .Select(pair => (pair.run % LightColours.Length, pair.series!.Steps, Smoothed(pair.series))),
        ];
        return new SvgChart(lines).Draw($"{metric} over the steps");
    }

    /// <summary>Exponential mean that starts without a bias; the values themselves where there are few.</summary>
    private static double[] Smoothed(MetricSeries series)
    {
        double weight = series.Count > ManyPoints ? Smoothing : 0;
        double sum = 0;
        double mass = 0;
        return
        [
            .. series.Values.Select(value =>
            {
                if (!float.IsFinite(value))
                {
                    return double.NaN;
                }

                sum = (weight * sum) + ((1 - weight) * value);
                mass = (weight * mass) + (1 - weight);
                return sum / mass;
            }),
        ];
    }

    private static IReadOnlyList<string>[] Rows(IEnumerable<(string Name, IReadOnlyList<string> Cells)> rows) => [.. rows.Select(row => (IReadOnlyList<string>)[row.Name, .. row.Cells])];

    private static void AppendTable(StringBuilder html, string title, string about, IReadOnlyList<string> head, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        html.Append("<h2>").Append(Text(title)).Append("</h2>\n<p>").Append(Text(about)).Append("</p>\n");
        if (rows.Count == 0)
        {
            return;
        }

        html.Append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"").Append(Text(title)).Append("\"><table>\n<thead><tr>")
            .AppendJoin("", head.Select(cell => $"<th scope=\"col\">{Text(cell)}</th>")).Append("</tr></thead>\n<tbody>\n");
        foreach (IReadOnlyList<string> row in rows)
        {
            html.Append("<tr>").AppendJoin("", row.Select(cell => $"<td>{Text(cell)}</td>")).Append("</tr>\n");
        }

        html.Append("</tbody></table></div>\n");
    }

    private static string Colours(string[] colours, string when)
    {
        string rules = string.Join(' ', colours.Select((colour, i) => $".run{i} {{ stroke: {colour}; }} .point.run{i} {{ fill: {colour}; }}"));
        return when.Length == 0 ? $"{rules}\n" : $"{when}{{ {rules} }}\n";
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
