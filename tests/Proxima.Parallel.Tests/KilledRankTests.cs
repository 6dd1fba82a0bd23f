using Proxima.EndToEnd.Tests;
using Proxima.EndToEnd.Tests.FaultLab;

namespace Proxima.Parallel.Tests;

/// <summary>
/// A run of two ranks of which a random one is killed at random moments, resumed each time, ends where an undisturbed one does: weights byte for
/// byte, and every log without a gap or a double line.
/// </summary>
public sealed class KilledRankTests
{
    private const int Ranks = 2;

    /// <summary>The run that the fault lab kills, in halves: the global batch is that of one rank.</summary>
    private static readonly string[] Words =
        ["ppo", "config/tiny_resume.json", "--per_device_prompt_batch_size", "8", "--per_device_train_batch_size", "4", "--per_device_eval_batch_size", "16"];

    [Fact, Trait("Speed", "Slow")]
    public Task Five_kills_of_a_random_rank_leave_no_trace() => KillAsync(MpiName.OpenMpi, sharding: "", asyncSave: "false");

    [Theory, Trait("Speed", "Long")]
    [InlineData(MpiName.OpenMpi, "stage2", "false")]
    [InlineData(MpiName.OpenMpi, "", "true")]
    [InlineData(MpiName.Mpich, "", "false")]
    public Task So_it_is_sharded_with_async_save_and_under_MPICH(MpiName mpi, string sharding, string asyncSave) => KillAsync(mpi, sharding, asyncSave);

    private static async Task KillAsync(MpiName mpi, string sharding, string asyncSave)
    {
        using var folder = new TemporaryRun();
        var runs = new KilledRuns(folder, [.. Words, "--sharding", sharding], ["actor", "critic"])
        {
            Start = words => Mpirun.StartInfo(mpi, Ranks, new Dictionary<string, string>(), words),
            Kill = (_, run, random) =>
            {
                RankProcess.TrySignal(run, random.Next(Ranks), "KILL");
                RankProcess.WaitForTheEndOfAll(run);
            },
            KilledWords = ["--async_save", asyncSave],
        };
        await runs.RunUndisturbedAsync();
        await runs.KillAsync(kills: 5, seed: 3);
    }
}
