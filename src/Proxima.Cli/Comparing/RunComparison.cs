using System.Text;
using Proxima.Cli.Answers;
using Proxima.Core.Settings;
using Proxima.Dashboard.Comparison;

namespace Proxima.Cli.Comparing;

/// <summary>Prints and writes what <c>compare</c> found.</summary>
internal static class RunComparison
{
    /// <summary>The tables to the terminal, and the report where one is asked for.</summary>
    /// <param name="runs">the runs</param>
    /// <param name="rates">null: the actors did not answer</param>
    /// <param name="settings">where the report goes</param>
    /// <param name="output">the terminal</param>
    public static void Show(ComparedRuns runs, WinRates? rates, CompareSettings settings, TextWriter output)
    {
        if (rates is not null)
        {
            output.WriteLine(rates.About);
            TextTable.Print(output, WinRates.Head, rates.Rows());
            output.WriteLine();
        }

        output.WriteLine("Metrics of steps are means over the last tenth of a run.");
        TextTable.Print(output, ["", .. runs.Names], Rows(runs.Summary()));
        IReadOnlyList<(string, IReadOnlyList<string>)> differing = runs.DifferingSettings();
        if (differing.Count > 0)
        {
            output.WriteLine("\nSettings that differ:");
            TextTable.Print(output, ["", .. runs.Names], Rows(differing));
        }

        if (settings.ReportFile is { } path)
        {
            var report = new ComparisonReport(runs, rates is null ? [] : [("Win rates", rates.About, WinRates.Head, rates.Rows())]);
            OutputFiles.Write("report_file", path, file => file.Write(Encoding.UTF8.GetBytes(report.Html())));
            output.WriteLine($"\n{path}: the report, with curves");
        }
    }

    private static IReadOnlyList<string>[] Rows(IEnumerable<(string Name, IReadOnlyList<string> Cells)> rows) => [.. rows.Select(row => (IReadOnlyList<string>)[row.Name, .. row.Cells])];
}
