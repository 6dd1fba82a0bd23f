using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Proxima.Dashboard.Terminal;

/// <summary>Draws a run as one table with a line about what is going on below it.</summary>
public static class RunTable
{
    public static IRenderable Draw(RunProgress progress)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("step").RightAligned());
        MetricColumn[] columns = [.. MetricColumn.All.Where(column => progress.Rows.Any(row => column.Cell(row).Length > 0))];
        foreach (MetricColumn column in columns)
        {
            table.AddColumn(new TableColumn(column.Title).RightAligned().NoWrap());
        }

        foreach (ProgressRow row in progress.Rows)
        {
            string step = row.Step.ToString(CultureInfo.InvariantCulture);
            IEnumerable<string> cells = [row.IsEvaluation ? $"eval {step}" : step, .. columns.Select(c => c.Cell(row))];
            table.AddRow(cells.Select(cell => new Text(cell, row.IsEvaluation ? new Style(Color.Green) : Style.Plain)));
        }

        return new Rows(table, new Text(StatusLine(progress), new Style(Color.Grey)));
    }

    /// <summary>Phase, step and time to the end.</summary>
    public static string StatusLine(RunProgress progress)
    {
        string phase = progress.Phase is { } now
            ? $"{now.ToString().ToLowerInvariant()} {progress.PhaseTime.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s"
            : "starting";
        string left = progress.Remaining is { } time && time > TimeSpan.Zero ? $"  ETA {Clock(time)}" : "";
        return $"  step {progress.Step} of {progress.LastStep}  {phase}{left}";
    }

    private static string Clock(TimeSpan time) => time.TotalHours >= 1
        ? $"{(int)time.TotalHours}:{time:mm\\:ss}"
        : time.ToString("m\\:ss", CultureInfo.InvariantCulture);
}
