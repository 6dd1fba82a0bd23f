using Proxima.Core;
using Proxima.TestSupport;
using static Proxima.Tests.Cli.Arguments.ArgumentRow;

namespace Proxima.Tests.Cli.Arguments;

/// <summary>Where scores come from.</summary>
internal static class RewardRows
{
    private const string TokenVariable = "PROXIMA_TEST_REWARD_TOKEN";

    private static readonly string[] Length = ["--reward_model_name_or_path", "none", "--reward_function", "length", "--reward_target_length", "16", "--ignore_eos", "true"];

    private static readonly string[] Regex = ["--reward_model_name_or_path", "none", "--reward_function", "regex", "--reward_pattern", "a"];

    public static IEnumerable<ArgumentRow> All { get; } =
    [
        // Every response has 8 tokens: half the target of 16, and the whole one of 8.
        Custom("reward_function", runs => Assert.All(Done(runs.Run(Length)).Samples(), sample => Assert.Equal(-0.5, sample.Score))),
        Of("reward_target_length", "8", (_, after) => Assert.All(after.Samples(), sample => Assert.Equal(0, sample.Score)), Length),
        Of("reward_scale", "-3", (before, after) => Assert.Equal(
            before.Samples().Select(sample => -3 * sample.Score), after.Samples().Select(sample => sample.Score))),
        Of("reward_pattern", "w", (before, after) =>
        {
            Assert.All(before.Samples(), sample => Assert.Equal(sample.Response.Contains('a') ? 1 : 0, sample.Score));
            Assert.All(after.Samples(), sample => Assert.Equal(sample.Response.Contains('w') ? 1 : 0, sample.Score));
            Assert.Contains(after.Samples(), sample => sample.Response.Contains('w') != sample.Response.Contains('a'));
        }, Regex),
        Of("reward_lexicon", runs => runs.Write("words.txt", "the\t4\n"), (_, after) => Assert.All(after.Samples(), sample =>
        {
            double sum = 4 * sample.Response.ToLowerInvariant().Split(' ', '.', ',', '"', '!', '\n').Count(word => word == "the");
            Assert.Equal(sum / Math.Sqrt((sum * sum) + 15), sample.Score, 1e-12);
        }), _ => [.. TinyRuns.Lexicon, "--per_device_prompt_batch_size", "12"]),
        Of("eval_reward_function", _ => "lexicon", (before, after) =>
        {
            Assert.Empty(before.Metrics("eval/gold_mean"));
            Assert.Equal([0, 1, 2], after.Metrics("eval/gold_mean").Keys);
            Assert.Equal(before.Metrics("eval/reward_mean"), after.Metrics("eval/reward_mean"));
        }, runs => [.. runs.Evaluated, "--reward_lexicon", TinyRuns.Lexicon[^1]]),

        new("reward_server", async runs =>
        {
            await using TestRewardServer server = await Lengths();
            Assert.All(Done(runs.Run(Words(server))).Samples(), sample => Assert.Equal(sample.Response.Length, sample.Score));
            Assert.Equal(2, server.Calls);
        }),
        new("reward_server_batch_size", async runs =>
        {
            await using TestRewardServer server = await Lengths();
            Done(runs.Run([.. Words(server), "--reward_server_batch_size", "3"]));
            Assert.Equal(4, server.Calls); // 3 + 1 responses in each of two steps
        }),
        new("reward_server_timeout_s", async runs =>
        {
            await using TestRewardServer server = await TestRewardServer.StartAsync((context, _, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
            TinyRun run = runs.Run([.. Words(server), "--reward_server_timeout_s", "0.2", "--reward_server_retries", "0"]);
            Assert.Equal(ExitCode.RewardSource, run.ExitCode);
            Assert.Contains("no answer within reward_server_timeout_s = 0.2 after 1 try", run.Error, StringComparison.Ordinal);
        }),
        new("reward_server_retries", async runs =>
        {
            await using TestRewardServer server = await TestRewardServer.StartAsync((context, _, _) =>
            {
                context.Response.StatusCode = 503;
                return Task.CompletedTask;
            });
            TinyRun run = runs.Run([.. Words(server), "--reward_server_retries", "1"]);
            Assert.Equal(ExitCode.RewardSource, run.ExitCode);
            Assert.Equal(2, server.Calls);
        }),
        new("reward_server_token_env", async runs =>
        {
            await using TestRewardServer server = await Lengths();
            Environment.SetEnvironmentVariable(TokenVariable, "from-the-environment");
            Done(runs.Run([.. Words(server), "--reward_server_token_env", TokenVariable]));
            Assert.All(server.Authorizations, header => Assert.Equal("Bearer from-the-environment", header));
        }),
        new("reward_server_token_file", async runs =>
        {
            await using TestRewardServer server = await Lengths();
            Done(runs.Run([.. Words(server), "--reward_server_token_file", runs.Write("token", "from-a-file\n")]));
            Assert.All(server.Authorizations, header => Assert.Equal("Bearer from-a-file", header));
        }),
    ];

    private static Task<TestRewardServer> Lengths() =>
        TestRewardServer.StartAsync((context, body, _) => TestRewardServer.Scores(context, body, response => response.Length));

    private static string[] Words(TestRewardServer server) => ["--reward_model_name_or_path", "none", "--reward_server", server.Address];
}
