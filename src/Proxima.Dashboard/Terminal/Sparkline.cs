namespace Proxima.Dashboard.Terminal;

/// <summary>A curve one line high.</summary>
public static class Sparkline
{
    private const string Heights = "▁▂▃▄▅▆▇█";

    /// <summary>A character for each value, the lowest and the highest at the ends of the range; a space where a value is not finite.</summary>
    public static string Of(IReadOnlyList<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length == 0)
        {
            return new string(' ', values.Count);
        }

        double low = finite.Min();
        double range = finite.Max() - low;
        return string.Concat(values.Select(value => !double.IsFinite(value) ? ' '
            : range == 0 ? Heights[0]
            : Heights[Math.Min(Heights.Length - 1, (int)((value - low) / range * Heights.Length))]));
    }
}
