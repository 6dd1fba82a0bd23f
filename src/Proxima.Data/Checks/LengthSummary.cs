using System.Globalization;

namespace Proxima.Data.Checks;

/// <summary>How long some texts are: quantiles, and a histogram of bins of one width.</summary>
/// <param name="lengths">one or more lengths</param>
public sealed class LengthSummary(IReadOnlyList<int> lengths)
{
    private const int MostBins = 12;
    private const int BarWidth = 40;

    private static readonly int[] Steps = [1, 2, 5];

    private readonly int[] _sorted = [.. lengths.Order()];

    /// <summary>The smallest length that at least this share of the texts does not pass.</summary>
    /// <param name="share">in (0, 1]</param>
    public int Quantile(double share) => _sorted[Math.Max(0, (int)Math.Ceiling(share * _sorted.Length) - 1)];

    /// <summary>Bins from 0 to the longest: first length of each, and how many texts are in it. The width is 1, 2 or 5 times a power of ten.</summary>
    public IReadOnlyList<(int From, int Count)> Bins()
    {
        int width = Widths().First(width => (_sorted[^1] / width) + 1 <= MostBins);
        int[] counts = new int[(_sorted[^1] / width) + 1];
        foreach (int length in _sorted)
        {
            counts[length / width]++;
        }

        return [.. counts.Select((count, bin) => (bin * width, count))];
    }

    /// <summary>Quantiles and histogram, to be printed.</summary>
    public IEnumerable<string> Lines()
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"min {_sorted[0]}, median {Quantile(0.5)}, 90 % {Quantile(0.9)}, 99 % {Quantile(0.99)}, max {_sorted[^1]}, mean {_sorted.Average():0.0}");
        IReadOnlyList<(int From, int Count)> bins = Bins();
        int highest = bins.Max(bin => bin.Count);
        int nameWidth = bins[^1].From.ToString(CultureInfo.InvariantCulture).Length;
        foreach ((int from, int count) in bins)
        {
            string name = from.ToString(CultureInfo.InvariantCulture).PadLeft(nameWidth);
            yield return $"{name}.. {new string('#', (int)Math.Ceiling((double)count * BarWidth / highest))} {count.ToString(CultureInfo.InvariantCulture)}";
        }
    }

    private static IEnumerable<int> Widths()
    {
        for (int power = 1; ; power *= 10)
        {
            foreach (int step in Steps)
            {
                yield return step * power;
            }
        }
    }
}
