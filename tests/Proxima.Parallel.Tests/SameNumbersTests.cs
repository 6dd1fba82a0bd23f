namespace Proxima.Parallel.Tests;

/// <summary>Whatever the ranks, the numbers are those of one.</summary>
public sealed class SameNumbersTests(SameNumbersTests.OneRank reference) : IClassFixture<SameNumbersTests.OneRank>
{
    [Fact, Trait("Speed", "Slow")]
    public async Task Data_parallel_ranks_train_as_one()
    {
        SmallRun run = await reference.RunAsync();
        await run.OnRanksAsync("two", MpiName.OpenMpi, 2);
        run.AssertSame("one", "two");
        await run.OnRanksAsync("mpich", MpiName.Mpich, 2);
        run.AssertSame("one", "mpich");
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task Ranks_write_their_own_evaluation_samples_and_the_leading_one_everything_else()
    {
        SmallRun run = await reference.RunAsync();
        await run.OnRanksAsync("four", MpiName.OpenMpi, 4);

        run.AssertSame("one", "four");
        string[] lines = [.. Enumerable.Range(0, 4).SelectMany(rank => File.ReadLines(run["four", $"eval_out-step2-rank{rank}.jsonl"])).Order(StringComparer.Ordinal)];
        Assert.Equal(File.ReadLines(run["one", "eval_out-step2-rank0.jsonl"]).Order(StringComparer.Ordinal).Select(Prompt), lines.Select(Prompt));
        Assert.Equal(
            Names(run["one"]).Where(name => !name.StartsWith("eval_out", StringComparison.Ordinal)),
            Names(run["four"]).Where(name => !name.StartsWith("eval_out", StringComparison.Ordinal)));
        Assert.Contains("\"ranks\": 4", File.ReadAllText(run["four", "run_record.json"]), StringComparison.Ordinal);
    }

    /// <summary>The pairings that every run of the tests makes.</summary>
    [Theory, Trait("Speed", "Slow")]
    [InlineData(MpiName.OpenMpi, 2, "stage1")]
    [InlineData(MpiName.OpenMpi, 2, "stage2")]
    [InlineData(MpiName.OpenMpi, 2, "stage3")]
    [InlineData(MpiName.Mpich, 2, "stage2")]
    [InlineData(MpiName.OpenMpi, 4, "stage3")]
    public Task Sharded_ranks_train_as_one(MpiName mpi, int ranks, string stage) => CompareAsync(mpi, ranks, "--sharding", stage);

    /// <summary>Two groups of two, whose parts are summed between the groups.</summary>
    [Theory, Trait("Speed", "Slow")]
    [InlineData("stage1")]
    [InlineData("stage3")]
    public Task Groups_of_ranks_train_as_one(string stage) => CompareAsync(MpiName.OpenMpi, 4, "--sharding", stage, "--sharding_parallel_degree", "2");

    [Theory, Trait("Speed", "Long")]
    [InlineData(MpiName.OpenMpi)]
    [InlineData(MpiName.Mpich)]
    public async Task Every_pairing_of_ranks_degrees_and_stages_trains_as_one(MpiName mpi)
    {
        foreach (int ranks in new[] { 2, 4, 8 })
        {
            await CompareAsync(mpi, ranks);
            foreach (int degree in new[] { 2, 4, 8 }.Where(degree => degree <= ranks))
            {
                foreach (string stage in new[] { "stage1", "stage2", "stage3" })
                {
                    await CompareAsync(mpi, ranks, "--sharding", stage, "--sharding_parallel_degree", $"{degree}");
                }
            }
        }
    }

    [Fact, Trait("Speed", "Slow")]
    public Task Recomputed_blocks_are_gathered_and_their_gradients_summed_too() =>
        CompareAsync(MpiName.OpenMpi, 2, "--sharding", "stage3", "--recompute", "true", "--recompute_granularity", "full");

    /// <summary>Frozen models are read from their folders while they score, so there are none to divide; actor and critic sum their gradients in one memory.</summary>
    [Theory, Trait("Speed", "Slow")]
    [InlineData("stage1")]
    [InlineData("stage3")]
    public Task Sharded_ranks_with_offload_train_as_one(string stage) => CompareAsync(MpiName.OpenMpi, 2, "--sharding", stage, "--offload", "true");

    /// <summary>16-bit copies of master weights, which are divided from stage 1 on. The rounding of bfloat16 is in both runs.</summary>
    [Theory, Trait("Speed", "Slow")]
    [InlineData("stage1")]
    [InlineData("stage3")]
    public async Task Master_weights_that_are_divided_train_as_whole_ones(string stage)
    {
        using var run = new SmallRun();
        string[] sixteenBit = ["--bf16", "true", "--fp16_opt_level", "O2", "--ptx_task_config", ""];
        await run.OnRanksAsync("whole", MpiName.OpenMpi, 2, sixteenBit);
        await run.OnRanksAsync("divided", MpiName.OpenMpi, 2, [.. sixteenBit, "--sharding", stage]);

        run.AssertNear("whole", "divided");
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task Checkpoints_of_two_sharded_ranks_go_on_on_four_and_on_one()
    {
        SmallRun run = await reference.RunAsync();
        await run.OnRanksAsync("resumed", MpiName.OpenMpi, 2, "--sharding", "stage3", "--max_steps", "2");
        Assert.True(File.Exists(run["resumed", "checkpoint-2", "optimizer-rank1.safetensors"]));
        await run.OnRanksAsync("resumed", MpiName.OpenMpi, 4, "--sharding", "stage2", "--resume_from_checkpoint", "auto");
        run.AssertSame("one", "resumed");
        Directory.Delete(run["resumed", "checkpoint-3"], recursive: true);
        await run.OnOneRankAsync("resumed", "--resume_from_checkpoint", "auto");
        run.AssertSame("one", "resumed");
    }

    private async Task CompareAsync(MpiName mpi, int ranks, params string[] more)
    {
        SmallRun run = await reference.RunAsync();
        string name = string.Join(' ', [$"{mpi}", $"{ranks}", .. more]);
        await run.OnRanksAsync(name, mpi, ranks, more);
        run.AssertSame("one", name);
    }

    private static string Prompt(string line) => line[..line.IndexOf("\"response\"", StringComparison.Ordinal)];

    private static IEnumerable<string> Names(string folder) => Directory.EnumerateFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal);

    /// <summary>The run on one rank, "one", made once for all tests.</summary>
    public sealed class OneRank : IDisposable
    {
        private readonly SmallRun _run = new();
        private Task? _made;

        internal async Task<SmallRun> RunAsync()
        {
            await (_made ??= _run.OnOneRankAsync("one"));
            return _run;
        }

        public void Dispose() => _run.Dispose();
    }
}
