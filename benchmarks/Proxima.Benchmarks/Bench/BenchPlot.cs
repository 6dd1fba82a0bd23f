using System.Globalization;
using System.Security;
using System.Text;

namespace Proxima.Benchmarks.Bench;

/// <summary>A bar a row, as long as the measured number is in terms of its goal.</summary>
internal static class BenchPlot
{
    private const int LabelWidth = 520;
    private const int GoalWidth = 240;
    private const int RowHeight = 22;
    private const int Margin = 24;
    private const double MostGoals = 2;

    /// <summary>The picture, as SVG.</summary>
    public static string Draw(IReadOnlyList<Goal> goals)
    {
        double width = LabelWidth + (MostGoals * GoalWidth) + 80;
        int height = (goals.Count * RowHeight) + (2 * Margin);
        StringBuilder svg = new();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">");
        svg.AppendLine("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        for (int i = 0; i < goals.Count; i++)
        {
            Goal goal = goals[i];
            int top = Margin + (i * RowHeight);
            double length = Math.Min(goal.Ratio, MostGoals) * GoalWidth;
            string colour = goal.IsReached ? "#3a8f5c" : "#c8813a";
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{LabelWidth - 8}\" y=\"{top + 14}\" text-anchor=\"end\">{SecurityElement.Escape(goal.Name)}</text>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<rect x=\"{LabelWidth}\" y=\"{top + 3}\" width=\"{length:F1}\" height=\"{RowHeight - 6}\" fill=\"{colour}\"/>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{LabelWidth + length + 6:F1}\" y=\"{top + 14}\">{goal.Measured:F1} {SecurityElement.Escape(goal.Unit)}</text>");
        }

        int goalLine = LabelWidth + GoalWidth;
        svg.AppendLine(CultureInfo.InvariantCulture, $"<line x1=\"{goalLine}\" y1=\"{Margin - 6}\" x2=\"{goalLine}\" y2=\"{height - Margin + 6}\" stroke=\"black\"/>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{goalLine}\" y=\"{Margin - 10}\" text-anchor=\"middle\">goal</text>");
        return svg.AppendLine("</svg>").ToString();
    }
}
