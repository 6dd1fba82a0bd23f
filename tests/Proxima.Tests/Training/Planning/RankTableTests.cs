using Proxima.Core.Settings;
using Proxima.Training.Planning;

namespace Proxima.Tests.Training.Planning;

/// <summary>
/// 4 ranks, 2,552 trained weights, 2,304 of them in 4 layers, as many frozen ones, 8 optimizer steps of 2 micro-batches, 100 tokens a rank; a message takes 1 ms
/// and 1 µs a byte. To all stages comes what every rank tells all others: ¾ of 400 · (32 + 12) bytes in 120 messages.
/// </summary>
public sealed class RankTableTests
{
    private const double Exchanged = 13200;

    private static readonly RankShape Four = new() { Ranks = 4, Latency = 1e-3, Bandwidth = 1e6, ResponseTokens = 100 };

    [Theory]
    [InlineData(Sharding.None, 57940, 122496, 216)] // 8 · 2 · 4 · 2552 · ¾; 8 · 4 collectives of 3 messages
    [InlineData(Sharding.Stage1, 45180, 122496, 312)] // − 8 · 2552 · ¾ of moments, + 2552 of sums
    [InlineData(Sharding.Stage2, 40572, 183744, 648)] // gradients of one layer of each and of 248 weights outside; 16 reductions and 8 gatherings of 7,656 bytes
    [InlineData(Sharding.Stage3, 30612, 364200, 1098)] // in an update ¼ of all layers and one whole layer of each; 122496 + 8 · 744 + 32 · 6912 + 14568
    public void Each_stage_cuts_more_and_sends_more(Sharding sharding, double peak, double bytes, double messages)
    {
        RankRow row = new RankTable(TinyPlans.Memory(), TinyPlans.Batch(ranks: 4), Four).Rows().Single(row => row.Sharding == sharding);

        Assert.Equal(peak, row.PeakBytes);
        Assert.Equal(bytes + Exchanged, row.BytesSent);
        Assert.Equal((messages / 1e3) + (row.BytesSent / 1e6), row.Seconds, 1e-9);
    }

    [Fact]
    public void A_copy_of_the_state_is_there_where_nothing_is_sharded()
    {
        IReadOnlyList<RankRow> with = new RankTable(TinyPlans.Memory() with { AsyncSave = true }, TinyPlans.Batch(ranks: 4), Four).Rows();
        IReadOnlyList<RankRow> without = new RankTable(TinyPlans.Memory(), TinyPlans.Batch(ranks: 4), Four).Rows();

        Assert.Equal([30624, 0, 0, 0], with.Zip(without, (a, b) => a.PeakBytes - b.PeakBytes));
    }

    [Fact]
    public void Groups_hold_more_and_sum_their_parts_between_them()
    {
        IReadOnlyList<RankRow> rows = new RankTable(TinyPlans.Memory(), TinyPlans.Batch(ranks: 4), Four with { Degree = 2 }).Rows();

        // ½ within the groups, and an all-reduce of ½ of 10,208 bytes between two ranks for each optimizer step.
        Assert.Equal((8 * 2 * 10208 / 2) + (8 * 2 * 10208 / 2 / 2) + Exchanged, rows[1].BytesSent);
        Assert.Equal(57940 - (8 * 2552 / 2) + (4 * 2552 / 2), rows[1].PeakBytes);
    }

    [Fact]
    public void Dialogues_beside_PPO_send_the_layers_of_the_actor_once_more()
    {
        RankTable without = new(TinyPlans.Memory(), TinyPlans.Batch(ranks: 4), Four);
        RankTable with = new(TinyPlans.Memory(), TinyPlans.Batch(ranks: 4), Four with { HasPtx = true });
        double[] more = [.. with.Rows().Zip(without.Rows(), (a, b) => a.BytesSent - b.BytesSent)];

        const double Layers = 4 * 1152 * 0.75;
        Assert.Equal([0, 0, 16 * Layers, 16 * 3 * Layers], more);
    }

    [Fact]
    public void One_rank_sends_nothing_and_holds_everything()
    {
        IReadOnlyList<RankRow> rows = new RankTable(TinyPlans.Memory(), TinyPlans.Batch(), Four with { Ranks = 1 }).Rows();

        Assert.All(rows, row => Assert.Equal(0, row.Seconds));
        Assert.Equal(57940, rows[0].PeakBytes);
    }

    [Fact]
    public void With_offload_the_gradients_of_one_model_are_cut()
    {
        var table = new RankTable(TinyPlans.Memory(offload: true), TinyPlans.Batch(2), Four with { Ranks = 2 });

        // The peak is that of scoring, without gradients: they cannot be saved there.
        Assert.Equal(41864 - (8 * 2552 / 2), table.Rows().Single(row => row.Sharding == Sharding.Stage2).PeakBytes);
    }

    [Fact]
    public void Scaling_is_the_time_of_one_rank_and_that_of_sending()
    {
        var table = new RankTable(TinyPlans.Memory(), TinyPlans.Batch(ranks: 4), Four);

        IReadOnlyList<ScalingRow> rows = table.Scaling(Sharding.None, stepSeconds: 2);

        double sending = table.Rows()[0].Seconds;
        Assert.Equal([1, 2, 4], rows.Select(row => row.Ranks));
        Assert.Equal(new ScalingRow(1, 0, 2, 8, 1), rows[0]);
        Assert.Equal(new ScalingRow(4, sending, 2 + sending, 64 / (2 + sending), 2 / (2 + sending)), rows[2]);
    }

    [Fact]
    public void Scaling_reaches_thousands_of_ranks_in_whole_groups()
    {
        var table = new RankTable(TinyPlans.Memory(), TinyPlans.Batch(), Four with { Ranks = 3072, Degree = 12 });

        IReadOnlyList<ScalingRow> rows = table.Scaling(Sharding.Stage3, stepSeconds: 100);

        Assert.Equal([1, 2, 4, 8, 3072], rows.Select(row => row.Ranks)); // 16 and so on are no whole number of groups of 12
        Assert.InRange(rows[^1].Efficiency, 0.1, rows[0].Efficiency);
    }
}
