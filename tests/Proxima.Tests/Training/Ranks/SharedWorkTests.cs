using Proxima.Core;
using Proxima.Distributed;
using Proxima.Training.Ranks;

namespace Proxima.Tests.Training.Ranks;

/// <summary>What ranks tell each other, with a second rank that is played.</summary>
public sealed class SharedWorkTests
{
    private static readonly ResultFormat<double> Numbers = new((writer, number) => writer.Write(number), reader => reader.ReadDouble());

    [Fact]
    public void Results_come_back_in_the_order_of_the_pieces()
    {
        // Costs 1 2 3 4: this rank, the first, has the longest and the shortest piece.
        byte[] theirs = [0, .. BitConverter.GetBytes(20.0), .. BitConverter.GetBytes(30.0)];
        var work = new SharedWork(new PlayedRanks(theirs), new StopRequest());

        Assert.Equal([10, 20, 30, 40], work.Do("numbers", [1, 2, 3, 4], share => [.. share.Select(piece => (piece + 1) * 10.0)], Numbers));
    }

    [Fact]
    public void A_stop_on_another_rank_is_one_here_with_its_exit_code()
    {
        using var stop = new StopRequest();
        var work = new SharedWork(new PlayedRanks([1, (byte)ExitCode.Terminated]), stop);

        Assert.Throws<OperationCanceledException>(() => work.Do("numbers", [1, 1], _ => [1], Numbers));
        Assert.Equal(ExitCode.Terminated, stop.ExitCode);
        Assert.Throws<OperationCanceledException>(work.ThrowIfStopping);
    }

    [Fact]
    public void A_rank_that_was_stopped_within_its_work_tells_the_others()
    {
        using var stop = new StopRequest();
        var ranks = new PlayedRanks([0, .. BitConverter.GetBytes(1.0)]);
        var work = new SharedWork(ranks, stop);
        stop.Ask(ExitCode.Interrupted);

        Assert.Throws<OperationCanceledException>(() => work.Do("numbers", [1, 1], _ => throw new OperationCanceledException(stop.Token), Numbers));
        Assert.Equal([1, (byte)ExitCode.Interrupted], ranks.Told);
        Assert.Equal(stop.Token, ranks.Hurry); // from a stop on the others have 20 seconds
    }

    [Fact]
    public void A_source_of_rewards_that_fails_on_another_rank_fails_here()
    {
        var work = new SharedWork(new PlayedRanks([2, .. "no answer"u8]), new StopRequest());

        ProximaException exception = Assert.Throws<ProximaException>(() => work.Do("scores", [1, 1], _ => [1], Numbers));
        Assert.Equal((ExitCode.RewardSource, "rank 1: no answer"), (exception.ExitCode, exception.Message));
    }

    [Fact]
    public void What_the_leading_rank_does_alone_ends_for_all_when_it_is_stopped()
    {
        using var stop = new StopRequest();
        var ranks = new PlayedRanks([0]);
        var work = new SharedWork(ranks, stop);
        int done = 0;
        work.LeadDo("a file", () => done++);
        Assert.Equal((1, 0), (done, ranks.Told[0]));
        stop.Ask(ExitCode.Terminated);

        Assert.Throws<OperationCanceledException>(() => work.LeadDo("a file", () => throw new OperationCanceledException(stop.Token)));
        Assert.Equal([1, (byte)ExitCode.Terminated], ranks.Told);
    }

    [Fact]
    public void Any_other_error_is_not_told_but_thrown()
    {
        var work = new SharedWork(new PlayedRanks([0]), new StopRequest());

        Assert.Throws<InvalidOperationException>(() => work.Do("scores", [1, 1], _ => throw new InvalidOperationException(), Numbers));
    }

    /// <summary>Rank 0 of two; the other always says the same.</summary>
    private sealed unsafe class PlayedRanks(byte[] theirs) : ICommunicator
    {
        public byte[] Told { get; private set; } = [];

        public CancellationToken Hurry { get; private set; }

        public int Rank => 0;

        public int Size => 2;

        public string Description => "played";

        public Traffic Traffic { get; } = new();

        public byte[][] Exchange(string what, ReadOnlySpan<byte> own, CancellationToken hurry = default)
        {
            (Told, Hurry) = (own.ToArray(), hurry);
            return [Told, theirs];
        }

        public void Barrier(string what) => throw new NotSupportedException();

        public void Broadcast(string what, void* data, long bytes, int root) => throw new NotSupportedException();

        public void AllReduce(string what, float* numbers, long count, Reduction reduction) => throw new NotSupportedException();

        public void ReduceScatter(string what, float* numbers, ReadOnlySpan<long> counts, float* part) => throw new NotSupportedException();

        public void AllGather(string what, void* data, ReadOnlySpan<long> bytes) => throw new NotSupportedException();

        public ICommunicator Split(int group) => throw new NotSupportedException();

        public void Abort(int exitCode) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
