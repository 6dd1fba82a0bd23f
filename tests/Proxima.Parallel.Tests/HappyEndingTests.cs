using Proxima.EndToEnd.Tests;
using Proxima.TestSupport;

namespace Proxima.Parallel.Tests;

/// <summary>The stories task of docs/curves.md on two ranks: the curve lies where those of one rank, TRL and a plain PyTorch PPO lie.</summary>
public sealed class HappyEndingTests
{
    /// <summary>The global batch of config/stories_happy.json, divided in two.</summary>
    private static readonly string[] Halves =
    [
        "--per_device_prompt_batch_size", "32", "--per_device_train_batch_size", "8", "--per_device_eval_batch_size", "27", "--num_threads", "1",
    ];

    [Fact, Trait("Speed", "Slow")]
    public async Task Two_ranks_make_stories_happy_at_a_bounded_distance_from_the_reference()
    {
        RepositoryPaths.Shared("models", "stories260k-reward");
        RepositoryPaths.Shared("data", "vader_lexicon.txt");
        using var run = new TemporaryRun();

        (await Mpirun.ProximaAsync(
            MpiName.OpenMpi, 2, ["ppo", "config/stories_happy.json", "--output_dir", run["run"], "--seed", "1", "--sharding", "stage2", .. Halves])).Expect(0);

        SortedDictionary<int, double> gold = run.Metric("run", "eval/gold_mean");
        Assert.InRange(gold[0], 0.21, 0.29);
        Assert.InRange(gold[5], 0.73, 1);
        Assert.InRange(gold.Where(pair => pair.Key >= 20).Average(pair => pair.Value), 0.75, 1);
        Assert.InRange(run.Metric("run", "eval/kl_per_seq").Values.Max(), 0, 6);
    }
}
