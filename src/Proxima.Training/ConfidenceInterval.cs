namespace Proxima.Training;

/// <summary>A range that holds the true value in 95 of 100 such measurements.</summary>
/// <param name="Low">its lower end</param>
/// <param name="High">its upper end</param>
public readonly record struct ConfidenceInterval(double Low, double High)
{
    /// <summary>Quantile .975 of the standard normal distribution.</summary>
    private const double Z = 1.959963984540054;

    /// <summary>Of the mean of independent numbers, by the normal distribution: mean ± z · s ÷ √n; no wider than a point for fewer than two.</summary>
    /// <param name="numbers">at least one</param>
    public static ConfidenceInterval OfMean(IReadOnlyCollection<double> numbers)
    {
        double mean = numbers.Average();
        double half = Z * ResponseStatistics.Deviation(numbers) / Math.Sqrt(numbers.Count);
        return new(mean - half, mean + half);
    }

    /// <summary>
    /// Of a share, by Wilson's score (Wilson 1927, eq. 4). Where the trials count as fractions between 0 and 1, such as ½ for a tie, their
    /// variance is at most that of whole ones, and the interval is a little wider than need be.
    /// </summary>
    /// <param name="share">mean of the trials, in [0, 1]</param>
    /// <param name="trials">number of independent trials, at least 1</param>
    public static ConfidenceInterval OfShare(double share, int trials)
    {
        double spread = Z * Z / trials;
        double center = (share + (spread / 2)) / (1 + spread);
        double half = Z * Math.Sqrt(((share * (1 - share)) + (spread / 4)) / trials) / (1 + spread);
        return new(center - half, center + half);
    }
}
