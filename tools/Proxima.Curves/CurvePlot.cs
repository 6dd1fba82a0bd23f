using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace Proxima.Curves;

/// <summary>Draws curves into an SVG file.</summary>
internal static class CurvePlot
{
    private const double Width = 760;
    private const double Height = 420;

    private static readonly OxyColor[] Colors =
        [OxyColor.Parse("#1f6feb"), OxyColor.Parse("#d1242f"), OxyColor.Parse("#2da44e"), OxyColor.Parse("#8250df"), OxyColor.Parse("#9a6700")];

    public static void Write(string path, string title, string metric, IReadOnlyList<Curve> curves)
    {
        var model = new PlotModel { Title = title, DefaultFont = "Arial", TitleFontSize = 15, Background = OxyColors.White, PlotMargins = new OxyThickness(64, 12, 16, 44) };
        model.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Title = "PPO step", Maximum = LastStep(curves), Minimum = 0 });
        model.Axes.Add(new LinearAxis
        {
            Position = AxisPosition.Left,
            Title = metric,
            AxisTitleDistance = 14,
            MajorGridlineStyle = LineStyle.Solid,
            MajorGridlineColor = OxyColor.Parse("#e5e7eb"),
        });
        model.Legends.Add(new Legend
        {
            LegendPosition = LegendPosition.RightMiddle,
            LegendBackground = OxyColor.FromAColor(220, OxyColors.White),
            LegendPadding = 8,
            LegendLineSpacing = 4,
            LegendMargin = 12,
        });
        string[] labels = [.. curves.Select(curve => curve.Label).Distinct()];
        HashSet<string> inLegend = [];
        foreach (Curve curve in curves)
        {
            var series = new LineSeries
            {
                Title = inLegend.Add(curve.Label) ? Padded(curve.Label) : null,
                Color = Colors[Array.IndexOf(labels, curve.Label) % Colors.Length],
                LineStyle = curve.IsReference ? LineStyle.Dash : LineStyle.Solid,
                StrokeThickness = curve.IsReference ? 1.2 : 2,
            };
            series.Points.AddRange(curve.Points.Select(point => new DataPoint(point.Step, point.Value)));
            model.Series.Add(series);
        }

        using FileStream file = File.Create(path);
        new SvgExporter { Width = Width, Height = Height, UseVerticalTextAlignmentWorkaround = true }.Export(model, file);
    }

    /// <summary>The exporter measures text too narrow and would cut long labels off.</summary>
    private static string Padded(string label) => label + new string('\u00a0', label.Length / 2);

    /// <summary>The references may be longer than the runs they are beside.</summary>
    private static double LastStep(IReadOnlyList<Curve> curves) =>
        curves.Where(curve => !curve.IsReference).DefaultIfEmpty(curves[0]).Max(curve => curve.Points.Max(point => point.Step));
}
