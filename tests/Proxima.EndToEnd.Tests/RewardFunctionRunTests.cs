using System.Text.Json;
using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary>Whole runs whose scores come from functions.</summary>
public sealed class RewardFunctionRunTests
{
    [Fact]
    public async Task A_mix_of_functions_scores_training_and_another_one_judges_the_evaluation()
    {
        using var run = new TemporaryRun();
        (await CommandLine.RunAsync(
            [.. Words(run), "--reward_function", "length:2,regex:0.5", "--reward_target_length", "20", "--reward_pattern", "the",
            "--eval_reward_function", "lexicon"])).Expect(0);

        // Every response has 40 tokens: 2 · (−1), and ½ where "the" is in it.
        double[] scores = [.. Samples(run).Where(sample => Kind(sample) == "rollout").Select(Score)];
        Assert.NotEmpty(scores);
        Assert.All(
            Samples(run).Where(sample => Kind(sample) == "rollout"),
            sample => Assert.Equal(sample.GetProperty("response").GetString()!.Contains("the", StringComparison.Ordinal) ? -1.5 : -2, Score(sample)));
        Assert.Equal(2, scores.Distinct().Count());
        Assert.InRange(run.Metric("out", "eval/reward_mean")[0], -2, -1.5);
        Assert.InRange(run.Metric("out", "eval/gold_mean")[0], 0.1, 0.4);
    }

    [Fact]
    public async Task Exact_answer_needs_labels_and_names_the_line_without_one()
    {
        using var run = new TemporaryRun();
        run.Write("data.jsonl", "{\"src\": [\"One day\"], \"tgt\": [], \"label\": \"x\"}\n{\"src\": [\"Once\"], \"tgt\": []}\n");
        string task = run.Write("task.json", "[{\"filepath\": \"data.jsonl\"}]");
        string[] words = [.. Words(run), "--reward_function", "exact_answer", "--train_task_config", task, "--do_eval", "false"];

        CommandResult result = (await CommandLine.RunAsync(words)).Expect(3);
        Assert.Contains("data.jsonl:2", result.Error, StringComparison.Ordinal);
        Assert.Contains("label is missing", result.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(run["out"]));

        CommandResult skipping = (await CommandLine.RunAsync([.. words, "--skip_invalid_data", "true"])).Expect(0);
        Assert.Contains("1 of 2 lines skipped", skipping.Output, StringComparison.Ordinal);
        Assert.All(Samples(run), sample => Assert.Equal(0, Score(sample)));
    }

    [Fact]
    public async Task A_function_of_ones_own_scores_beside_the_built_in_ones()
    {
        using var run = new TemporaryRun();
        string[] words = [.. Words(run), "--reward_function", "short_words:10,length", "--reward_target_length", "40", "--eval_reward_function", "short_words"];
        (await CommandLine.RunProgramAsync("Proxima.OwnReward", "own-reward", words)).Expect(0);

        // The length is at its target, so the score is ten times the share of short words.
        Assert.All(Samples(run), sample =>
        {
            string[] texts = sample.GetProperty("response").GetString()!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            double share = texts.Count(word => word.Where(char.IsLetter).Take(5).Count() < 5) / (double)texts.Length;
            Assert.Equal(10 * share, Score(sample), 1e-9);
        });
        Assert.InRange(run.Metric("out", "eval/gold_mean")[0], 0.3, 0.95);

        CommandResult unknown = (await CommandLine.RunAsync(words)).Expect(2);
        Assert.Contains("No function is named 'short_words'", unknown.Error, StringComparison.Ordinal);
    }

    private static List<JsonElement> Samples(TemporaryRun run) =>
        [.. RunFiles.Samples(run["out", "samples.jsonl.gz"]).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string Kind(JsonElement sample) => sample.GetProperty("kind").GetString()!;

    private static double Score(JsonElement sample) => sample.GetProperty("score").GetDouble();

    private static string[] Words(TemporaryRun run)
    {
        RepositoryPaths.Shared("models", "stories260k");
        RepositoryPaths.Shared("data", "vader_lexicon.txt");
        return
        [
            "ppo", "config/stories_happy.json", "--output_dir", run["out"], "--reward_model_name_or_path", "none", "--max_steps", "1",
            "--eval_steps", "1", "--max_evaluate_steps", "1", "--per_device_prompt_batch_size", "16", "--num_threads", "1",
            "--log_samples_per_step", "16",
        ];
    }
}
