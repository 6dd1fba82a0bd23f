using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary>
/// PPO turns gloomy story openings into happy stories. The lexicon that judges them is never seen in training; the bounds are
/// those that TRL and a plain PyTorch PPO pass (docs/curves).
/// </summary>
public sealed class HappyEndingTests
{
    private const string Gold = "eval/gold_mean";

    [Fact, Trait("Speed", "Slow")]
    public async Task A_reward_model_makes_stories_happy_at_a_bounded_distance_from_the_reference()
    {
        using var run = new TemporaryRun();
        await TrainAsync(run, "run", "--seed", "1");
        SortedDictionary<int, double> gold = run.Metric("run", Gold);
        Assert.InRange(gold[0], 0.21, 0.29);
        Assert.InRange(gold[5], 0.73, 1);
        Assert.InRange(MeanFrom(gold, 20), 0.75, 1);
        Assert.InRange(run.Metric("run", "eval/kl_per_seq").Values.Max(), 0, 6);
    }

    [Fact, Trait("Speed", "Long")]
    public async Task Three_seeds_agree_with_the_reference_curves()
    {
        using var run = new TemporaryRun();
        List<double> means = [];
        foreach (string seed in new[] { "1", "2", "3" })
        {
            await TrainAsync(run, seed, "--seed", seed);
            means.Add(MeanFrom(run.Metric(seed, Gold), 20));
        }

        Assert.InRange(means.Min(), 0.75, 1);
        Assert.InRange(means.Average(), 0.765, 1);
    }

    [Theory, Trait("Speed", "Slow")]
    [InlineData("O1")]
    [InlineData("O2")]
    public async Task In_bf16_stories_become_as_happy_as_in_fp32(string level)
    {
        const double MeanInFp32 = 0.781; // of three seeds, docs/curves.md
        using var run = new TemporaryRun();
        await TrainAsync(run, "run", "--seed", "1", "--bf16", "true", "--fp16_opt_level", level);
        Assert.InRange(MeanFrom(run.Metric("run", Gold), 20), MeanInFp32 - 0.03, MeanInFp32 + 0.03);
        Assert.InRange(run.Metric("run", "eval/kl_per_seq").Values.Max(), 0, 6);
        Assert.InRange(run.Metric("run", "rollout/logprob_gap_mean").Values.Max(), 0, 0.05);
    }

    [Fact, Trait("Speed", "Long")]
    public async Task A_smaller_KL_penalty_makes_stories_happier()
    {
        using var run = new TemporaryRun();
        await TrainAsync(run, "run", "--kl_coeff", "0.05");
        Assert.InRange(MeanFrom(run.Metric("run", Gold), 20), 0.82, 1);
    }

    [Theory, Trait("Speed", "Long")]
    [InlineData("1", 0.77, 1)]
    [InlineData("-1", -1, -0.5)]
    public async Task The_lexicon_itself_as_reward_makes_stories_happy_or_sad(string scale, double least, double most)
    {
        using var run = new TemporaryRun();
        await TrainAsync(
            run, "run", "--kl_coeff", "0.05", "--reward_model_name_or_path", "none", "--reward_function", "lexicon", "--reward_scale", scale);
        Assert.InRange(MeanFrom(run.Metric("run", Gold), 20), least, most);
    }

    private static async Task TrainAsync(TemporaryRun run, string name, params string[] more)
    {
        RepositoryPaths.Shared("models", "stories260k-reward");
        RepositoryPaths.Shared("data", "vader_lexicon.txt");
        string[] arguments = ["ppo", "config/stories_happy.json", "--output_dir", run[name], .. more];
        (await CommandLine.RunAsync(arguments)).Expect(0);
    }

    private static double MeanFrom(SortedDictionary<int, double> gold, int firstStep) =>
        gold.Where(pair => pair.Key >= firstStep).Average(pair => pair.Value);
}
