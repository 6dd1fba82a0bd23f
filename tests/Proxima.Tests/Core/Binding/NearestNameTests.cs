using Proxima.Core.Binding;

namespace Proxima.Tests.Core.Binding;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("max_stesp", "max_steps", 1)]
    [InlineData("flaw", "lawn", 2)]
    [InlineData("ca", "abc", 3)]
    public void Distance_counts_edits_and_swaps_of_neighbours(string a, string b, int expected)
    {
        Assert.Equal(expected, NearestName.Distance(a, b));
        Assert.Equal(expected, NearestName.Distance(b, a));
    }

    [Fact]
    public void The_nearest_name_has_the_smallest_distance_and_the_first_wins_among_equals()
    {
        Assert.Equal("gamma", NearestName.Of("gama", ["alpha", "gamma", "lambda"]));
        Assert.Equal("ab", NearestName.Of("x", ["abc", "ab", "cd"]));
    }
}
