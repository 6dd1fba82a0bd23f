using System.Text.Json;
using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary><c>proxima eval</c>: answers, scores, and two models side by side.</summary>
public sealed class EvalTests
{
    [Fact]
    public async Task A_reward_model_and_a_gold_function_score_as_an_evaluation_of_ppo_does()
    {
        using var run = new TemporaryRun();
        (await RunAsync(["--reward_model_name_or_path", Shared("stories260k-reward"), .. Gold(), "--output_file", run["eval.json"]])).Expect(0);
        (await CommandLine.RunAsync(
            ["ppo", "--do_eval", "true", "--eval_task_config", "config/task_stories_eval.json", "--actor_model_name_or_path", Shared("stories260k"),
            "--reward_model_name_or_path", Shared("stories260k-reward"), "--output_dir", run["ppo"], "--max_evaluate_steps", "2", "--max_dec_len", "10",
            "--eval_num_return_sequences", "2", .. Gold()])).Expect(0);

        JsonElement model = JsonDocument.Parse(File.ReadAllText(run["eval.json"])).RootElement.GetProperty("models")[0];
        Assert.Equal(16, model.GetProperty("prompts").GetInt32());
        Assert.Equal(32, model.GetProperty("answers").GetInt32());
        (string Metric, string Number)[] pairs =
        [
            ("eval/reward_mean", "reward_mean"), ("eval/reward_std", "reward_std"), ("eval/gold_mean", "gold_mean"),
            ("eval/response_length_mean", "response_length_mean"), ("eval/finished_fraction", "finished_fraction"), ("eval/distinct_2", "distinct_2"),
        ];
        Assert.All(pairs, pair => Assert.Equal(run.Metric("ppo", pair.Metric)[0], model.GetProperty(pair.Number).GetDouble(), 1e-9));
        Assert.InRange(model.GetProperty("reward_mean").GetDouble(), model.GetProperty("reward_mean_low").GetDouble(), model.GetProperty("reward_mean_high").GetDouble());
    }

    [Fact]
    public async Task A_model_ties_with_itself_and_examples_are_shown()
    {
        using var run = new TemporaryRun();
        CommandResult result = (await RunAsync(
            "--compare_model_name_or_path", Shared("stories260k"), "--reward_function", "length", "--reward_target_length", "5", "--ignore_eos", "true",
            "--examples", "2", "--output_file", run["eval.json"])).Expect(0);

        Assert.Contains("0 wins, 32 ties, 0 losses", result.Output, StringComparison.Ordinal);
        Assert.Contains("win rate 0.5 [", result.Output, StringComparison.Ordinal);
        Assert.Equal(2, result.Output.Split('\n').Count(line => line.StartsWith("> ", StringComparison.Ordinal)));
        JsonElement root = JsonDocument.Parse(File.ReadAllText(run["eval.json"])).RootElement;
        Assert.Equal(0.5, root.GetProperty("comparison").GetProperty("win_rate").GetDouble());
        Assert.Equal(0, root.GetProperty("comparison").GetProperty("reward_difference_high").GetDouble());

        // Ten tokens where five were wanted: −|10 − 5| ÷ 5.
        Assert.All(root.GetProperty("models").EnumerateArray(), model => Assert.Equal(-1, model.GetProperty("reward_mean").GetDouble()));
        JsonElement prompt = root.GetProperty("prompts")[15];
        Assert.Equal(2, prompt.GetProperty("answers").GetArrayLength());
        Assert.Equal(prompt.GetProperty("answers")[0][1].GetProperty("response").GetString(), prompt.GetProperty("answers")[1][1].GetProperty("response").GetString());
    }

    [Theory]
    [InlineData(2, "exactly one source of rewards")]
    [InlineData(2, "exactly one source of rewards", "--reward_function", "length", "--reward_target_length", "5", "--reward_server", "http://localhost:1")]
    [InlineData(2, "reward_target_length = none", "--reward_function", "length")]
    [InlineData(3, "compare_model_name_or_path = nowhere: there is no such folder", "--reward_function", "length", "--reward_target_length", "5", "--compare_model_name_or_path", "nowhere")]
    [InlineData(3, "reward_model_name_or_path = nowhere: there is no such folder", "--reward_model_name_or_path", "nowhere")]
    [InlineData(3, "label is missing", "--reward_function", "exact_answer")]
    [InlineData(2, "a file in a folder that exists", "--reward_function", "length", "--reward_target_length", "5", "--output_file", "nowhere/out.json")]
    [InlineData(5, "reward_server", "--reward_server", "http://localhost:1", "--reward_server_retries", "0")]
    public async Task Mistakes_are_told(int exitCode, string part, params string[] words)
    {
        CommandResult result = (await RunAsync(words)).Expect(exitCode);

        Assert.Contains(part, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_task_or_a_model_both_are_asked_for()
    {
        CommandResult result = (await CommandLine.RunAsync("eval", "--reward_function", "exact_answer")).Expect(2);

        Assert.Contains("model_name_or_path = none", result.Error, StringComparison.Ordinal);
        Assert.Contains("eval_task_config = none", result.Error, StringComparison.Ordinal);
    }

    private static Task<CommandResult> RunAsync(params string[] words) => CommandLine.RunAsync(
        ["eval", "--model_name_or_path", Shared("stories260k"), "--eval_task_config", "config/task_stories_eval.json", "--max_evaluate_steps", "2",
        "--max_dec_len", "10", "--num_return_sequences", "2", .. words]);

    private static string[] Gold() => ["--eval_reward_function", "lexicon", "--reward_lexicon", RepositoryPaths.Shared("data", "vader_lexicon.txt")];

    private static string Shared(string model) => RepositoryPaths.Shared("models", model);
}
