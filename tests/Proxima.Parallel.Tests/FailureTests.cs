using System.Diagnostics;
using Proxima.EndToEnd.Tests;

namespace Proxima.Parallel.Tests;

/// <summary>Ranks that die, hang or are stopped.</summary>
public sealed class FailureTests
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(30);
    private static readonly Dictionary<string, string> Usual = [];

    /// <summary>More steps than are taken before something happens, each of them saved.</summary>
    private static readonly string[] Long = ["--max_steps", "8", "--save_steps", "1"];

    [Fact, Trait("Speed", "Slow")]
    public async Task A_killed_rank_ends_the_job_and_the_run_goes_on_from_its_last_checkpoint()
    {
        using var run = new SmallRun();
        await run.OnRanksAsync("whole", MpiName.OpenMpi, 2, Long);
        using (RunningCommand command = Mpirun.StartProxima(MpiName.OpenMpi, 2, Usual, run.Words("parts", 2, Long)))
        {
            await command.UntilAsync(() => File.Exists(run["parts", "checkpoint-2", "trainer_state.json"]), "the second checkpoint");
            long killed = Stopwatch.GetTimestamp();
            RankProcess.Signal(run["parts"], rank: 1, "KILL");
            CommandResult result = await command.EndAsync();
            Assert.InRange(Stopwatch.GetElapsedTime(killed), TimeSpan.Zero, LongestEnd);
            Assert.NotEqual(0, result.ExitCode);
            Assert.Contains("process rank 1", result.Output + result.Error, StringComparison.Ordinal); // mpirun says so
            Assert.False(Directory.Exists(run["parts", "actor"]), "the run was at its end before the rank was killed");
        }

        await run.OnRanksAsync("parts", MpiName.OpenMpi, 2, [.. Long, "--resume_from_checkpoint", "auto"]);
        run.AssertSameWeights("whole", "parts");
    }

    [Theory, Trait("Speed", "Slow")]
    [InlineData(MpiName.OpenMpi)]
    [InlineData(MpiName.Mpich)]
    public async Task A_rank_that_hangs_is_named_with_the_collective_that_waits_for_it(MpiName mpi)
    {
        using var run = new SmallRun();
        var limit = new Dictionary<string, string> { ["PROXIMA_COLLECTIVE_TIMEOUT_S"] = "15" };
        using RunningCommand command = Mpirun.StartProxima(mpi, 2, limit, run.Words("run", 2, [.. Long, "--max_steps", "1000"]));
        await command.UntilAsync(() => File.Exists(run["run", "checkpoint-1", "trainer_state.json"]), "the first checkpoint");
        long stopped = Stopwatch.GetTimestamp();
        RankProcess.Signal(run["run"], rank: 1, "STOP");

        CommandResult result = (await command.EndAsync()).Expect(6);
        Assert.InRange(Stopwatch.GetElapsedTime(stopped), TimeSpan.FromSeconds(14), LongestEnd + TimeSpan.FromSeconds(15));
        Assert.Matches(@"rank 0: error: [a-z-]+ \([^)]+\), collective [0-9]+: not done after 15 s; rank 1 did not come and does not answer", result.Error);
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task A_signal_to_one_rank_stops_and_saves_all_and_other_numbers_of_ranks_go_on()
    {
        using var run = new SmallRun();
        await run.OnOneRankAsync("whole");
        using (RunningCommand command = Mpirun.StartProxima(MpiName.OpenMpi, 2, Usual, run.Words("parts", 2)))
        {
            await command.UntilAsync(() => File.Exists(run["parts", "checkpoint-2", "trainer_state.json"]), "the second checkpoint");
            RankProcess.Signal(run["parts"], rank: 1, "TERM");
            CommandResult result = (await command.EndAsync()).Expect(143);
            Assert.Contains("go on with --resume_from_checkpoint auto", result.Output, StringComparison.Ordinal);
            Assert.False(Directory.Exists(run["parts", "actor"]), "the run was at its end before the signal came");
        }

        await run.OnRanksAsync("parts", MpiName.OpenMpi, 4, "--resume_from_checkpoint", "auto");
        run.AssertSame("whole", "parts");
    }

    [Fact]
    public async Task A_mistake_in_the_settings_ends_all_ranks_with_its_message()
    {
        using var run = new SmallRun();
        CommandResult result = (await Mpirun.ProximaAsync(MpiName.OpenMpi, 2, run.Words("run", 2, "--top_p", "2"))).Expect(2);

        Assert.Contains("top_p = 2", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(run["run"]));
    }

    [Fact]
    public async Task Commands_that_run_as_one_process_say_so()
    {
        CommandResult result = (await Mpirun.ProximaAsync(MpiName.OpenMpi, 2, "generate", "--model_name_or_path", "models/arithmetic-actor", "1 + 1")).Expect(2);

        Assert.Contains("proxima generate was started as 2 processes by mpirun of Open MPI. It runs as one", result.Error, StringComparison.Ordinal);
    }
}
