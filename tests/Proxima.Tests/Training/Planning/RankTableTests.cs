using Proxima.Core.Settings;
using Proxima.Training.Planning;

namespace Proxima.Tests.Training.Planning;

/// <summary>4 ranks, 2,552 trained weights, 8 optimizer steps of 2 micro-batches; a message takes 1 ms and 1 µs a byte.</summary>
public sealed class RankTableTests
{
    private static readonly IReadOnlyList<RankRow> Rows = new RankTable(TinyPlans.Memory(), TinyPlans.Batch(ranks: 4), ranks: 4, latency: 1e-3, bandwidth: 1e6).Rows();

    [Theory]
    [InlineData(Sharding.None, 57940, 122496, 96)] // 8 · 2 · 4 · 2552 · ¾; 8 · 4 collectives of 3 messages
    [InlineData(Sharding.Stage1, 42628, 122496, 96)] // − 8 · 2552 · ¾
    [InlineData(Sharding.Stage2, 34972, 183744, 144)] // − 12 · 2552 · ¾; 16 reductions and 8 gatherings of 7,656 bytes
    [InlineData(Sharding.Stage3, 27636, 375144, 690)] // − 16 · 2552 · ¾ + 4 · 80; 16 and 33 of them, those layer by layer
    public void Each_stage_cuts_more_and_sends_more(Sharding sharding, double peak, double bytes, double messages)
    {
        RankRow row = Rows.Single(row => row.Sharding == sharding);

        Assert.Equal(peak, row.PeakBytes);
        Assert.Equal(bytes, row.BytesSent);
        Assert.Equal((messages / 1e3) + (bytes / 1e6), row.Seconds, 1e-9);
    }

    [Fact]
    public void A_copy_of_the_state_is_there_where_nothing_is_sharded()
    {
        IReadOnlyList<RankRow> rows = new RankTable(TinyPlans.Memory() with { AsyncSave = true }, TinyPlans.Batch(ranks: 4), ranks: 4, latency: 1e-3, bandwidth: 1e6).Rows();

        Assert.Equal([57940 + 30624, 42628, 34972, 27636], rows.Select(row => row.PeakBytes));
    }

    [Fact]
    public void One_rank_sends_nothing_and_holds_everything() =>
        Assert.All(new RankTable(TinyPlans.Memory(), TinyPlans.Batch(), ranks: 1, latency: 1, bandwidth: 1).Rows(), row =>
        {
            Assert.Equal(57940, row.PeakBytes);
            Assert.Equal(0, row.Seconds);
        });

    [Fact]
    public void With_offload_the_gradients_of_one_model_are_cut()
    {
        var table = new RankTable(TinyPlans.Memory(offload: true), TinyPlans.Batch(2), ranks: 2, latency: 0, bandwidth: 1);

        // The peak is that of scoring, without gradients: they cannot be saved there.
        Assert.Equal(41864 - (8 * 2552 / 2), table.Rows().Single(row => row.Sharding == Sharding.Stage2).PeakBytes);
    }
}
