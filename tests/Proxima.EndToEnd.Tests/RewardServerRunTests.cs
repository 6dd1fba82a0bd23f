using Microsoft.AspNetCore.Http;
using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary>Whole runs whose scores come from a server.</summary>
public sealed class RewardServerRunTests
{
    [Fact, Trait("Speed", "Slow")]
    public async Task A_server_that_fails_a_fifth_of_its_calls_gives_the_same_run_as_a_perfect_one()
    {
        using var run = new TemporaryRun();
        await using TestRewardServer perfect = await TestRewardServer.StartAsync((context, body, _) => TestRewardServer.Scores(context, body, Score));
        var random = new Random(5);
        int failures = 0;
        await using TestRewardServer flawed = await TestRewardServer.StartAsync((context, body, _) =>
        {
            if (random.NextDouble() >= 0.2)
            {
                return TestRewardServer.Scores(context, body, Score);
            }

            if (Interlocked.Increment(ref failures) % 2 == 0)
            {
                context.Abort();
            }

            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        });

        (await CommandLine.RunAsync(Words(run, "perfect", perfect))).Expect(0);
        (await CommandLine.RunAsync(Words(run, "flawed", flawed))).Expect(0);

        Assert.True(failures > 1, $"{failures} of {flawed.Calls} calls failed");
        Assert.Equal(perfect.Calls + failures, flawed.Calls);
        RunFiles.AssertSameRun(run, "perfect", "flawed");
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task A_server_that_dies_ends_the_run_with_its_own_code_and_a_checkpoint_from_which_it_goes_on()
    {
        using var run = new TemporaryRun();
        await using TestRewardServer healthy = await TestRewardServer.StartAsync((context, body, _) => TestRewardServer.Scores(context, body, Score));
        await using TestRewardServer dying = await TestRewardServer.StartAsync((context, body, call) =>
        {
            if (call <= 10)
            {
                return TestRewardServer.Scores(context, body, Score);
            }

            context.Abort();
            return Task.CompletedTask;
        });
        (await CommandLine.RunAsync(Words(run, "whole", healthy))).Expect(0);

        CommandResult result = (await CommandLine.RunAsync([.. Words(run, "parts", dying), "--reward_server_retries", "1"])).Expect(5);
        Assert.Contains($"error: reward_server = {dying.Address}: no answer", result.Error, StringComparison.Ordinal);
        Assert.Contains("after 2 tries", result.Error, StringComparison.Ordinal);
        Assert.Single(Directory.GetDirectories(run["parts"], "checkpoint-*"));

        (await CommandLine.RunAsync([.. Words(run, "parts", healthy), "--resume_from_checkpoint", "auto"])).Expect(0);
        RunFiles.AssertSameRun(run, "whole", "parts");
    }

    [Fact]
    public async Task An_answer_that_is_not_a_number_ends_the_run()
    {
        using var run = new TemporaryRun();
        await using TestRewardServer server = await TestRewardServer.StartAsync((context, _, _) =>
            TestRewardServer.Body(context, """{"error_code": 0, "error_msg": "", "score": [null, null, null, null]}"""));

        CommandResult result = (await CommandLine.RunAsync(Words(run, "run", server))).Expect(5);
        Assert.Contains("score[0] is null. Expected a finite number", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, server.Calls);
    }

    private static double Score(string response) => response.Count(character => character == 'e') / 10.0;

    private static string[] Words(TemporaryRun run, string name, TestRewardServer server)
    {
        RepositoryPaths.Shared("models", "stories260k");
        return
        [
            "ppo", "config/stories_happy.json", "--output_dir", run[name], "--reward_model_name_or_path", "none", "--reward_server", server.Address,
            "--reward_server_batch_size", "4", "--max_steps", "3", "--eval_steps", "2", "--max_evaluate_steps", "1", "--per_device_eval_batch_size", "4",
            "--eval_num_return_sequences", "1", "--eval_reward_function", "length", "--reward_target_length", "20", "--reward_lexicon", "none",
            "--per_device_prompt_batch_size", "16", "--num_threads", "1",
        ];
    }
}
