using CsCheck;
using Proxima.Training.Ranks;

namespace Proxima.Tests.Training.Ranks;

public sealed class WorkShareTests
{
    [Fact]
    public void The_longest_pieces_are_dealt_back_and_forth()
    {
        // Longest first: 9 (0), 8 (3), 7 (1), 5 (4), 2 (2), 1 (5); ranks 0 1 1 0 0 1.
        Assert.Equal([[0, 2, 4], [1, 3, 5]], WorkShare.Of([9, 7, 2, 8, 5, 1], 2));
    }

    [Fact]
    public void One_rank_has_all_pieces_in_their_order()
    {
        Gen.Int[1, 500].Array[0, 40].Sample(costs => Assert.Equal([Enumerable.Range(0, costs.Length)], WorkShare.Of(costs, 1)));
    }

    [Fact]
    public void Every_piece_has_one_rank_and_no_rank_has_two_pieces_more_than_another()
    {
        Gen.Select(Gen.Int[1, 500].Array[0, 40], Gen.Int[1, 9]).Sample((costs, ranks) =>
        {
            int[][] shares = WorkShare.Of(costs, ranks);
            Assert.Equal(ranks, shares.Length);
            Assert.Equal(Enumerable.Range(0, costs.Length), shares.SelectMany(share => share).Order());
            Assert.InRange(shares.Max(share => share.Length) - shares.Min(share => share.Length), 0, 1);
            Assert.All(shares, share => Assert.Equal(share.Order(), share));
        });
    }

    /// <summary>Two neighbours in the deal of a round differ by no more than the round's spread, and the spreads add up to at most the longest piece.</summary>
    [Fact]
    public void No_rank_has_more_work_than_another_by_more_than_the_longest_piece()
    {
        Gen.Select(Gen.Int[1, 500].Array[1, 40], Gen.Int[1, 9]).Sample((costs, ranks) =>
        {
            int[] work = [.. WorkShare.Of(costs, ranks).Select(share => share.Sum(piece => costs[piece]))];
            Assert.InRange(work.Max() - work.Min(), 0, costs.Max());
        });
    }
}
