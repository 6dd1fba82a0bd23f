using Proxima.Training;

namespace Proxima.Tests.Training;

public sealed class PairedComparisonTests
{
    [Theory]
    [InlineData(0.8, 10, 0.4901625, 0.9433178)] // R: prop.test(8, 10, correct = FALSE)
    [InlineData(0, 20, 0, 0.1611252)] // R: prop.test(0, 20, correct = FALSE)
    [InlineData(0.5, 100, 0.4038315, 0.5961685)] // R: prop.test(50, 100, correct = FALSE)
    public void Wilson_intervals_are_those_of_R(double share, int trials, double low, double high)
    {
        ConfidenceInterval interval = ConfidenceInterval.OfShare(share, trials);

        Assert.Equal(low, interval.Low, 1e-6);
        Assert.Equal(high, interval.High, 1e-6);
    }

    [Fact]
    public void The_interval_of_a_mean_is_z_standard_errors_on_each_side()
    {
        ConfidenceInterval interval = ConfidenceInterval.OfMean([1, 2, 3, 4]); // s = √(5/3), s ÷ √4 = .6454972

        Assert.Equal(2.5 - (1.959964 * 0.6454972), interval.Low, 1e-5);
        Assert.Equal(2.5 + (1.959964 * 0.6454972), interval.High, 1e-5);
        Assert.Equal(new ConfidenceInterval(7, 7), ConfidenceInterval.OfMean([7]));
    }

    [Fact]
    public void A_tie_counts_half_and_prompts_count_in_the_interval()
    {
        PairedComparison found = PairedComparison.Of([1, 2, 3, 4], [0, 2, 5, 1], answersPerPrompt: 2);

        Assert.Equal((2, 1, 1), (found.Wins, found.Ties, found.Losses));
        Assert.Equal(0.625, found.WinRate);
        Assert.Equal(0.5, found.Difference);
        Assert.Equal(ConfidenceInterval.OfShare(0.625, 2), found.WinRateInterval);
        Assert.Equal(ConfidenceInterval.OfMean([0.5, 0.5]), found.DifferenceInterval);
    }

    [Fact]
    public void Scores_of_different_prompts_are_refused()
    {
        Assert.Throws<ArgumentException>(() => PairedComparison.Of([1, 2], [1], 1));
        Assert.Throws<ArgumentException>(() => PairedComparison.Of([1, 2, 3], [1, 2, 3], 2));
    }
}
