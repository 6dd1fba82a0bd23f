using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary>Happy endings, the whole chain: a reward model learned from pairs, and PPO against it (docs/stages.md).</summary>
public sealed class StoriesChainTests
{
    [Fact, Trait("Speed", "Slow")]
    public async Task A_reward_model_puts_held_out_pairs_right_as_often_as_the_reference()
    {
        using var run = new TemporaryRun();
        await TrainRewardAsync(run);

        Assert.InRange(run.Metric("reward", "eval/accuracy").Values.Max(), 0.82, 0.9);
    }

    [Fact, Trait("Speed", "Long")]
    public async Task PPO_against_it_makes_stories_happy()
    {
        using var run = new TemporaryRun();
        await TrainRewardAsync(run);
        RepositoryPaths.Shared("data", "vader_lexicon.txt");
        (await CommandLine.RunAsync(
            "ppo", "config/stories_happy.json", "--reward_model_name_or_path", run["reward", "model"], "--output_dir", run["ppo"], "--seed", "1")).Expect(0);

        Assert.InRange(run.Metric("ppo", "eval/gold_mean").Where(pair => pair.Key >= 20).Average(pair => pair.Value), 0.75, 1);
    }

    private static async Task TrainRewardAsync(TemporaryRun run)
    {
        RepositoryPaths.Shared("data", "stories_prompts", "preferences_train.jsonl");
        (await CommandLine.RunAsync("reward", "config/stories_reward.json", "--output_dir", run["reward"])).Expect(0);
    }
}
