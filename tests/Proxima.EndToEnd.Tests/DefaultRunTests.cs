using System.Text.Json;
using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary>The run that works with nothing but the repository.</summary>
public sealed class DefaultRunTests
{
    private const long LargestModel = 2_000_000;

    [Fact]
    public void The_models_that_ship_are_small_and_have_a_card()
    {
        Assert.All(new[] { "arithmetic-actor", "arithmetic-reward" }, name =>
        {
            string folder = RepositoryPaths.InRepository("models", name);
            Assert.True(File.Exists(Path.Combine(folder, "README.md")));
            Assert.InRange(new FileInfo(Path.Combine(folder, "model.safetensors")).Length, 1, LargestModel);
            Assert.Equal(
                File.ReadAllBytes(RepositoryPaths.InRepository("models", "arithmetic", "tokenizer.json")), File.ReadAllBytes(Path.Combine(folder, "tokenizer.json")));
        });
    }

    [Fact, Trait("Speed", "Slow")]
    public async Task Right_answers_on_held_out_dialogues_rise_from_the_middle_to_almost_all()
    {
        using var run = new TemporaryRun();
        (await CommandLine.RunAsync("ppo", "config/arithmetic.json", "--output_dir", run["out"])).Expect(0);

        SortedDictionary<int, double> right = run.Metric("out", "eval/reward_mean");
        Assert.InRange(right.First().Value, 0.5, 0.7);
        Assert.InRange(right.Last().Value, 0.93, 1);

        CommandResult result = (await CommandLine.RunAsync(
            "eval", "--model_name_or_path", run["out", "actor"], "--compare_model_name_or_path", "models/arithmetic-actor",
            "--eval_task_config", "config/task_arithmetic_eval.json", "--reward_function", "exact_answer", "--max_dec_len", "6",
            "--per_device_eval_batch_size", "256", "--output_file", run["eval.json"])).Expect(0);
        Assert.Contains("1. reward 1: ", result.Output, StringComparison.Ordinal);
        JsonElement comparison = JsonDocument.Parse(File.ReadAllText(run["eval.json"])).RootElement.GetProperty("comparison");
        Assert.InRange(comparison.GetProperty("win_rate_low").GetDouble(), 0.55, 1);
        CommandResult answer = (await CommandLine.RunAsync("generate", "--model_name_or_path", run["out", "actor"], "--temperature", "0", "What is 7 + 6?")).Expect(0);
        Assert.Equal("13\n", answer.Output);
    }
}
