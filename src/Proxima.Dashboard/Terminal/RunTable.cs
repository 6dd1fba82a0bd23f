using System.Globalization;
using Proxima.Core.Display;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Proxima.Dashboard.Terminal;

/// <summary>Draws a run as one table, with curves, the times of the phases and a line about what is going on below it.</summary>
public static class RunTable
{
    private const string StepTitle = "step";
    private const int ColumnSpace = 3;
    private const int BarWidth = 30;
    private const int FewestPoints = 3;
    private const int CurveWidth = 24;
    private const char Full = '█';
    private const char Rest = '░';

    /// <summary>The whole picture.</summary>
    /// <param name="progress">what is known</param>
    /// <param name="width">columns of the terminal: where not all metrics have room, the ones that matter least are left out</param>
    public static IRenderable Draw(RunProgress progress, int width)
    {
        string[] steps = [.. progress.Rows.Select(StepCell)];
        IReadOnlyList<MetricColumn> columns = Columns(progress, width - ColumnSpace - steps.Append(StepTitle).Max(cell => cell.Length));
        Table table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn(StepTitle).RightAligned().NoWrap());
        foreach (MetricColumn column in columns)
        {
            table.AddColumn(new TableColumn(column.Title).RightAligned().NoWrap());
        }

        foreach ((ProgressRow row, string step) in progress.Rows.Zip(steps))
        {
            table.AddRow(columns.Select(c => c.Cell(row)).Prepend(step).Select(cell => new Text(cell, row.IsEvaluation ? new Style(Color.Green) : Style.Plain)));
        }

        IEnumerable<string> below = new[] { Curves(progress, width), Phases(progress, width), StatusLine(progress) }.Where(line => line.Length > 0);
        return new Rows([table, .. below.Select(line => new Text(line, new Style(Color.Grey)))]);
    }

    /// <summary>How far the run is, phase, step and time to the end.</summary>
    public static string StatusLine(RunProgress progress)
    {
        string phase = progress.Phase is { } now
            ? $"{NameOf(now)} {progress.PhaseTime.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s"
            : "starting";
        string left = progress.Remaining is { } time && time > TimeSpan.Zero ? $"  ETA {Clock(time)}" : "";
        double share = progress.LastStep > 0 ? Math.Clamp((progress.Step - 1.0) / progress.LastStep, 0, 1) : 0;
        int done = (int)(share * BarWidth);
        return $"  {new string(Full, done)}{new string(Rest, BarWidth - done)} step {progress.Step} of {progress.LastStep}  {phase}{left}";
    }

    private static string StepCell(ProgressRow row)
    {
        string step = row.Step.ToString(CultureInfo.InvariantCulture);
        return row.IsEvaluation ? $"eval {step}" : step;
    }

    /// <summary>Columns that have a number and together have room, in their order.</summary>
    private static MetricColumn[] Columns(RunProgress progress, int room)
    {
        MetricColumn[] filled = [.. MetricColumn.All.Where(column => progress.Rows.Any(row => column.Cell(row).Length > 0))];
        List<MetricColumn> kept = [];
        int left = room - 1;
        foreach (MetricColumn column in filled.OrderBy(column => column.Rank))
        {
            int needed = ColumnSpace + progress.Rows.Select(row => column.Cell(row).Length).Append(column.Title.Length).Max();
            if (needed > left)
            {
                break;
            }

            kept.Add(column);
            left -= needed;
        }

        return [.. filled.Where(kept.Contains)];
    }

    /// <summary>Curves over the last steps of the metrics that matter most, as many as there is room for.</summary>
    private static string Curves(RunProgress progress, int width)
    {
        string line = "";
        foreach (MetricColumn column in MetricColumn.All.OrderBy(column => column.Rank))
        {
            double[] values = [.. progress.Steps.TakeLast(CurveWidth).Select(column.ValueOf)];
            string curve = values.Count(double.IsFinite) < FewestPoints ? "" : $"  {column.Title} {Sparkline.Of(values)}";
            if (line.Length + curve.Length > width - 1)
            {
                break;
            }

            line += curve;
        }

        return line;
    }

    /// <summary>Where the time of a step goes: a bar a phase, and its seconds.</summary>
    private static string Phases(RunProgress progress, int width)
    {
        IReadOnlyList<(RunPhase Phase, double Seconds)> phases = progress.PhaseSeconds;
        double whole = phases.Sum(phase => phase.Seconds);
        if (whole <= 0)
        {
            return "";
        }

        string line = string.Concat(phases.Select(phase =>
            $"  {NameOf(phase.Phase)} {new string(Full, (int)Math.Round(phase.Seconds / whole * BarWidth))} {phase.Seconds.ToString("0.00", CultureInfo.InvariantCulture)} s"));
        return line.Length < width ? line : "";
    }

    private static string NameOf(RunPhase phase) => phase.ToString().ToLowerInvariant();

    private static string Clock(TimeSpan time) => time.TotalHours >= 1
        ? $"{(int)time.TotalHours}:{time:mm\\:ss}"
        : time.ToString("m\\:ss", CultureInfo.InvariantCulture);
}
