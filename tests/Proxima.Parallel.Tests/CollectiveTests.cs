using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Proxima.EndToEnd.Tests;

namespace Proxima.Parallel.Tests;

/// <summary>The collectives themselves, in real processes under each implementation of MPI.</summary>
public sealed class CollectiveTests
{
    private static readonly Dictionary<string, string> Usual = [];

    [Theory]
    [InlineData(MpiName.OpenMpi, 2)]
    [InlineData(MpiName.OpenMpi, 3)]
    [InlineData(MpiName.Mpich, 2)]
    [InlineData(MpiName.Mpich, 3)]
    public async Task Every_collective_gives_what_arithmetic_says(MpiName mpi, int ranks)
    {
        CommandResult result = (await Mpirun.WorkerAsync(mpi, ranks, Usual, "collectives")).Expect(0);

        for (int rank = 0; rank < ranks; rank++)
        {
            Assert.Contains($"rank {rank} of {ranks}: collectives right", result.Output, StringComparison.Ordinal);
        }
    }

    /// <summary>4099 numbers: three all-reduces move 2/2 of them a rank; a broadcast, three reduce-scatters and all-gathers 1/2.</summary>
    [Fact]
    public async Task Bytes_are_counted_by_collective()
    {
        CommandResult result = (await Mpirun.WorkerAsync(MpiName.OpenMpi, 2, Usual, "collectives")).Expect(0);

        const int Half = 4099 * 4 / 2;
        Assert.Contains($"all-gather {3 * Half}, all-reduce {3 * 2 * Half}, broadcast {Half}, ", result.Output, StringComparison.Ordinal);
        Assert.Contains($"reduce-scatter {3 * Half}", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MpiName.OpenMpi)]
    [InlineData(MpiName.Mpich)]
    public async Task Groups_of_ranks_have_collectives_of_their_own(MpiName mpi)
    {
        CommandResult result = (await Mpirun.WorkerAsync(mpi, 4, Usual, "groups")).Expect(0);

        Assert.Equal(4, result.Output.Split('\n').Count(line => line.EndsWith("groups right", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(MpiName.OpenMpi)]
    [InlineData(MpiName.Mpich)]
    public async Task A_rank_that_hangs_ends_the_job_with_its_number_and_the_name_of_the_collective(MpiName mpi)
    {
        CommandResult result = (await Mpirun.WorkerAsync(mpi, 3, new Dictionary<string, string> { ["PROXIMA_COLLECTIVE_TIMEOUT_S"] = "1.5" }, "missing")).Expect(6);

        Assert.Contains("barrier (a meeting), collective 1: not done after 1.5 s; rank 1 did not come and does not answer", result.Error, StringComparison.Ordinal);
    }

    /// <summary>A stop that comes while a rank waits for the others to agree, and one that came just before: 20 seconds, whatever the usual limit is.</summary>
    [Theory]
    [InlineData(MpiName.OpenMpi, 2)]
    [InlineData(MpiName.Mpich, 0.001)]
    public async Task Ranks_that_do_not_agree_to_a_stop_within_20_seconds_end(MpiName mpi, double stopAfter)
    {
        long started = Stopwatch.GetTimestamp();
        CommandResult result = (await Mpirun.WorkerAsync(mpi, 2, Usual, "stopping", string.Create(CultureInfo.InvariantCulture, $"{stopAfter}"))).Expect(6);

        Assert.True(Stopwatch.GetElapsedTime(started).TotalSeconds >= 20 + stopAfter);
        Match line = Regex.Match(result.Error, @"agreement to go on\), collective 1: not done after (?<seconds>[0-9.]+) s; rank 1 did not come and does not answer");
        Assert.InRange(double.Parse(line.Groups["seconds"].Value, CultureInfo.InvariantCulture), 20, 25);
    }

    [Theory]
    [InlineData(MpiName.OpenMpi)]
    [InlineData(MpiName.Mpich)]
    public async Task A_rank_that_fails_ends_the_job_with_its_message_and_code(MpiName mpi)
    {
        CommandResult result = (await Mpirun.WorkerAsync(mpi, 3, Usual, "failing")).Expect(4);

        Assert.Contains("rank 1: this rank fails", result.Error, StringComparison.Ordinal);
    }
}
