namespace Proxima.Training;

/// <summary>
/// Running mean and variance of the scores, merged batch by batch as PaddleNLP does: the variance starts at 1 with count 0, and
/// a batch of n brings n · (its unbiased variance).
/// </summary>
public sealed record RunningStatistics
{
    private const double Epsilon = 1e-8;

    public double Mean { get; init; }

    public double Variance { get; init; } = 1;

    public double Count { get; init; }

    /// <summary>The statistics after one more batch.</summary>
    /// <param name="batch">the scores of all ranks</param>
    public RunningStatistics Merge(IReadOnlyList<double> batch)
    {
        double n = batch.Count;
        double mean = batch.Average();
        double variance = n > 1 ? batch.Sum(x => (x - mean) * (x - mean)) / (n - 1) : 0;
        double delta = mean - Mean;
        double total = Count + n;
        double squares = (Variance * Count) + (variance * n) + (delta * delta * Count * n / total);
        return new RunningStatistics { Mean = Mean + (delta * n / total), Variance = squares / total, Count = total };
    }

    /// <summary>(score − mean) ÷ (deviation + 1e-8).</summary>
    public double Normalize(double score) => (score - Mean) / (Math.Sqrt(Variance) + Epsilon);
}
