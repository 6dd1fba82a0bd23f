using System.Globalization;
using System.Net;
using System.Text;

namespace Proxima.Dashboard.Comparison;

/// <summary>Curves over each other as an SVG element whose colours come from classes of the page around it.</summary>
internal sealed class SvgChart
{
    private const int Width = 420;
    private const int Height = 210;
    private const int Left = 52;
    private const int Right = 10;
    private const int Top = 8;
    private const int Bottom = 22;
    private const int FewPoints = 40;
    private const int Ticks = 4;

    /// <summary>Values that differ by less are one constant, which smoothing has rounded here and there.</summary>
    private const double Rounding = 1e-6;

    private readonly IReadOnlyList<(int Run, IReadOnlyList<int> Steps, double[] Values)> _lines;
    private readonly (double First, double Last, double Low, double High) _frame;

    /// <summary>Lays out the curves.</summary>
    /// <param name="lines">number of the run, which is its colour; steps; a value each, some perhaps not finite</param>
    public SvgChart(IReadOnlyList<(int Run, IReadOnlyList<int> Steps, double[] Values)> lines)
    {
        _lines = lines;
        double[] values = [.. lines.SelectMany(line => line.Values).Where(double.IsFinite)];
        (double low, double high) = values.Length == 0 ? (0, 1) : (values.Min(), values.Max());
        double size = Math.Max(Math.Abs(low), Math.Abs(high));
        double room = (high - low > Rounding * size ? high - low : size == 0 ? 1 : size) * .06;
        double first = lines.Min(line => line.Steps[0]);
        double last = lines.Max(line => line.Steps[^1]);
        _frame = (first, last > first ? last : first + 1, low - room, high + room);
    }

    /// <summary>The element.</summary>
    /// <param name="title">what a screen reader says</param>
    public string Draw(string title)
    {
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(title)}\">");
        foreach (double tick in NiceTicks(_frame.Low, _frame.High))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{Left} {Y(tick):0.#}H{Width - Right}\"/><text x=\"{Left - 5}\" y=\"{Y(tick) + 4:0.#}\" text-anchor=\"end\">{tick:0.######}</text>");
        }

        foreach (double tick in NiceTicks(_frame.First, _frame.Last).Where(double.IsInteger))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(tick):0.#}\" y=\"{Height - 6}\" text-anchor=\"middle\">{tick:0}</text>");
        }

        foreach ((int run, IReadOnlyList<int> steps, double[] values) in _lines)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"line run{run}\" d=\"{PathOf(steps, values)}\"/>");
            if (steps.Count <= FewPoints)
            {
                AppendPoints(svg, run, steps, values);
            }
        }

        return svg.Append("</svg>").ToString();
    }

    private void AppendPoints(StringBuilder svg, int run, IReadOnlyList<int> steps, double[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (double.IsFinite(values[i]))
            {
                svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"point run{run}\" cx=\"{X(steps[i]):0.#}\" cy=\"{Y(values[i]):0.#}\" r=\"2\"/>");
            }
        }
    }

    /// <summary>At most the least and the greatest value in each column of pixels; a gap where there is none.</summary>
    private string PathOf(IReadOnlyList<int> steps, double[] values)
    {
        StringBuilder path = new();
        bool isDrawing = false;
        foreach (IGrouping<int, int> column in Enumerable.Range(0, values.Length).GroupBy(i => values.Length > Width ? (int)X(steps[i]) : i))
        {
            int[] finite = [.. column.Where(i => double.IsFinite(values[i]))];
            if (finite.Length == 0)
            {
                isDrawing = false;
                continue;
            }

            int[] ends = [finite.MinBy(i => values[i]), finite.MaxBy(i => values[i])];
            foreach (int i in ends.Distinct().Order())
            {
                path.Append(CultureInfo.InvariantCulture, $"{(isDrawing ? 'L' : 'M')}{X(steps[i]):0.#} {Y(values[i]):0.#}");
                isDrawing = true;
            }
        }

        return path.ToString();
    }

    private double X(double step) => Left + ((step - _frame.First) / (_frame.Last - _frame.First) * (Width - Left - Right));

    private double Y(double value) => Top + ((_frame.High - value) / (_frame.High - _frame.Low) * (Height - Top - Bottom));

    /// <summary>Round numbers in a range: multiples of 1, 2 or 5 times a power of ten.</summary>
    private static IEnumerable<double> NiceTicks(double low, double high)
    {
        double rough = (high - low) / Ticks;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double distance = (rough / power) switch
        {
            < 1.5 => power,
            < 3.5 => 2 * power,
            < 7.5 => 5 * power,
            _ => 10 * power,
        };
        for (double k = Math.Ceiling(low / distance); k * distance <= high; k++)
        {
            yield return k * distance;
        }
    }
}
