namespace Proxima.Tests.Training.Peers;

/// <summary>TRL's averages of an update.</summary>
internal sealed class TrlStatistics
{
    private readonly List<TrlMicroBatch> _microBatches = [];

    public void Add(TrlMicroBatch microBatch) => _microBatches.Add(microBatch);

    /// <summary>TRL's names with their values: sums over the micro-batches ÷ the places of its array, filled or not.</summary>
    public IReadOnlyDictionary<string, double> Logged(int slots)
    {
        double Average(Func<TrlMicroBatch, double> pick) => _microBatches.Sum(pick) / slots;
        return new Dictionary<string, double>
        {
            ["policy/approxkl_avg"] = Average(m => m.ApproxKl),
            ["policy/clipfrac_avg"] = Average(m => m.PolicyClipFraction),
            ["loss/policy_avg"] = Average(m => m.PolicyLoss),
            ["loss/value_avg"] = Average(m => m.ValueLoss),
            ["val/clipfrac_avg"] = Average(m => m.ValueClipFraction),
            ["policy/entropy_avg"] = Average(m => m.Entropy),
            ["val/ratio"] = Average(m => m.Ratio),
        };
    }
}
