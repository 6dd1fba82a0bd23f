using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary>Mistakes of a user: a clear message, the right exit code, and nothing touched.</summary>
public sealed class ErrorTests
{
    [Fact]
    public async Task A_missing_model_folder()
    {
        using var run = new TemporaryRun();
        await AssertErrorAsync(run, 3, ["actor_model_name_or_path", "no such folder"], "--actor_model_name_or_path", run["nowhere"]);
    }

    [Fact]
    public async Task A_model_without_a_tokenizer()
    {
        using var run = new TemporaryRun();
        string model = CopyModel(run);
        File.Delete(Path.Combine(model, "tokenizer.json"));
        await AssertErrorAsync(run, 3, ["tokenizer.json", "tokenizer.model"], "--actor_model_name_or_path", model);
    }

    [Fact]
    public async Task A_weight_file_cut_in_half()
    {
        using var run = new TemporaryRun();
        string weights = Path.Combine(CopyModel(run), "model.safetensors");
        using (FileStream file = File.OpenWrite(weights))
        {
            file.SetLength(file.Length / 2);
        }

        await AssertErrorAsync(run, 3, ["model.safetensors"], "--actor_model_name_or_path", Path.GetDirectoryName(weights)!);
    }

    [Fact]
    public async Task Five_mistakes_in_a_config_are_all_reported()
    {
        using var run = new TemporaryRun();
        string config = run.Write("bad.json", """
            {
              "actor_model_name_or_path": "somewhere", "reward_model_name_or_path": "elsewhere", "train_task_config": "t.json", "do_train": true,
              "output_dir": "out",
              "learning_rat": 1e-5,
              "max_dec_len": "many",
              "temperature": 0,
              "per_device_prompt_batch_size": 10, "per_device_train_batch_size": 3,
              "gamma": 2
            }
            """);
        CommandResult result = (await CommandLine.RunAsync("ppo", config)).Expect(2);
        foreach (string part in new[] { "learning_rat", "learning_rate", "max_dec_len", "many", "temperature", "per_device_prompt_batch_size", "gamma" })
        {
            Assert.Contains(part, result.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{\"src\": [\"a\"], \"tgt\": []\n", "not a JSON object")]
    [InlineData("{\"src\": [\"a\"], \"tgt\": [\"b\"]}\n", "tgt")]
    [InlineData("{\"src\": [], \"tgt\": []}\n", "src")]
    public async Task A_broken_data_line_is_named_by_file_and_line(string line, string part)
    {
        using var run = new TemporaryRun();
        string task = Task(run, "{\"src\": [\"One day\"], \"tgt\": []}\n" + line);
        await AssertErrorAsync(run, 3, ["data.jsonl:2", part], "--train_task_config", task);
    }

    [Fact]
    public async Task An_empty_data_file()
    {
        using var run = new TemporaryRun();
        await AssertErrorAsync(run, 3, ["data.jsonl"], "--train_task_config", Task(run, ""));
    }

    [Fact]
    public async Task A_task_without_a_positive_weight()
    {
        using var run = new TemporaryRun();
        string task = Task(run, "{\"src\": [\"One day\"], \"tgt\": []}\n", prob: "0");
        await AssertErrorAsync(run, 3, ["prob"], "--train_task_config", task);
    }

    [Fact]
    public async Task Lengths_that_do_not_fit()
    {
        using var run = new TemporaryRun();
        await AssertErrorAsync(
            run, 2, ["max_prompt_len", "max_dec_len", "max_seq_len"], "--max_prompt_len", "100", "--max_dec_len", "100", "--max_seq_len", "200");
    }

    [Fact]
    public async Task Batch_sizes_that_do_not_divide()
    {
        using var run = new TemporaryRun();
        await AssertErrorAsync(run, 2, ["per_device_train_batch_size", "divisible"], "--per_device_train_batch_size", "5");
    }

    [Fact]
    public async Task An_output_dir_that_holds_a_run()
    {
        using var run = new TemporaryRun();
        Directory.CreateDirectory(run["out"]);
        string metrics = run.Write("out/metrics.jsonl", "{\"step\":1}\n");
        CommandResult result = (await RunAsync(run)).Expect(2);
        Assert.Contains("--resume_from_checkpoint auto", result.Error, StringComparison.Ordinal);
        Assert.Contains("--overwrite_output_dir true", result.Error, StringComparison.Ordinal);
        Assert.Equal([metrics], Directory.GetFileSystemEntries(run["out"]));
    }

    private static async Task AssertErrorAsync(TemporaryRun run, int exitCode, string[] parts, params string[] more)
    {
        CommandResult result = (await RunAsync(run, more)).Expect(exitCode);
        Assert.StartsWith("error:", result.Error[result.Error.IndexOf("error:", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        foreach (string part in parts)
        {
            Assert.Contains(part, result.Error, StringComparison.Ordinal);
        }

        Assert.False(Path.Exists(run["out"]), "the output folder was made although nothing could run");
    }

    private static Task<CommandResult> RunAsync(TemporaryRun run, params string[] more)
    {
        RepositoryPaths.Shared("models", "stories260k-reward");
        string[] arguments = ["ppo", "config/stories_happy.json", "--output_dir", run["out"], .. more];
        return CommandLine.RunAsync(arguments);
    }

    private static string Task(TemporaryRun run, string lines, string prob = "1")
    {
        run.Write("data.jsonl", lines);
        return run.Write("task.json", $"[{{\"filepath\": \"data.jsonl\", \"prob\": {prob}}}]");
    }

    private static string CopyModel(TemporaryRun run)
    {
        string source = RepositoryPaths.Shared("models", "stories260k");
        string target = run["model"];
        Directory.CreateDirectory(target);
        foreach (string file in Directory.GetFiles(source))
        {
            File.WriteAllBytes(Path.Combine(target, Path.GetFileName(file)), File.ReadAllBytes(file)); // a copy would be read-only too
        }

        return target;
    }
}
