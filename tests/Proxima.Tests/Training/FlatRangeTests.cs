using CsCheck;
using Proxima.Training.Optimization;

namespace Proxima.Tests.Training;

public sealed class FlatRangeTests
{
    [Fact]
    public void Parts_are_whole_pages_and_the_last_takes_what_is_left()
    {
        Assert.Equal([new(0, 2048), new(2048, 1952)], FlatRange.Divide(4000, 2));
        Assert.Equal([new(0, 1024), new(1024, 476), new(1500, 0), new(1500, 0)], FlatRange.Divide(1500, 4));
    }

    [Fact]
    public void Parts_follow_each_other_and_make_the_whole()
    {
        Gen.Select(Gen.Long[0, 100_000], Gen.Int[1, 20]).Sample((count, parts) =>
        {
            FlatRange[] ranges = FlatRange.Divide(count, parts);
            Assert.Equal(parts, ranges.Length);
            Assert.Equal(0, ranges[0].Start);
            Assert.Equal(count, ranges[^1].End);
            Assert.All(ranges.Zip(ranges.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Start));
        });
    }

    [Fact]
    public void An_overlap_holds_the_numbers_of_both_and_the_rest_those_of_none()
    {
        Gen.Select(Gen.Int[0, 30], Gen.Int[0, 30], Gen.Int[0, 30], Gen.Int[0, 30]).Sample((a, m, b, n) =>
            Assert.Equal(Numbers(new(a, m)).Intersect(Numbers(new(b, n))), Numbers(new FlatRange(a, m).Overlap(new(b, n)))));
        Assert.Equal([new(0, 5), new(10, 5), new(18, 2)], FlatRange.Rest(20, [new(5, 5), new(15, 3)]));
        Assert.Equal([new(5, 5)], FlatRange.Rest(10, [new(0, 5)]));
        Assert.Equal([new(0, 10)], FlatRange.Rest(10, []));
    }

    private static IEnumerable<long> Numbers(FlatRange range) => Enumerable.Range(0, (int)range.Count).Select(i => range.Start + i);
}
