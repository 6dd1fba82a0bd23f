using Proxima.Data.Checks;

namespace Proxima.Tests.Data.Checks;

public sealed class LengthSummaryTests
{
    [Fact]
    public void Quantiles_are_lengths_that_are_there()
    {
        var summary = new LengthSummary([10, 3, 7, 1, 9, 2, 8, 4, 6, 5]);

        Assert.Equal((5, 9, 10, 1), (summary.Quantile(0.5), summary.Quantile(0.9), summary.Quantile(0.99), summary.Quantile(0.01)));
    }

    [Fact]
    public void Bins_have_a_round_width_and_hold_every_length_once()
    {
        Assert.Equal([(0, 1), (1, 0), (2, 2)], new LengthSummary([2, 0, 2]).Bins());
        Assert.Equal([(0, 1), (5, 1), (10, 0), (15, 0), (20, 0), (25, 0), (30, 0), (35, 0), (40, 1)], new LengthSummary([4, 5, 44]).Bins());
        Assert.Equal(1000, new LengthSummary([11999, 0]).Bins()[1].From);
        Assert.Equal(2000, new LengthSummary([12000, 0]).Bins()[1].From);
    }

    [Fact]
    public void Bars_are_as_long_as_their_share_of_the_highest()
    {
        Assert.Equal(
            ["min 0, median 1, 90 % 1, 99 % 1, max 1, mean 0.8", $"0.. {new string('#', 14)} 1", $"1.. {new string('#', 40)} 3"],
            new LengthSummary([1, 1, 0, 1]).Lines());
    }
}
