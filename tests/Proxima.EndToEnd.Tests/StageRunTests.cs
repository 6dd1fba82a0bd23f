using System.Text.Json;
using Proxima.TestSupport;

namespace Proxima.EndToEnd.Tests;

/// <summary>The stages before PPO: supervised fine-tuning, from a model and from scratch, and the reward model.</summary>
public sealed class StageRunTests
{
    private const string TinyConfig = """
        {
          "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2,
          "num_attention_heads": 2, "num_key_value_heads": 1, "vocab_size": 512, "max_position_embeddings": 128, "tie_word_embeddings": true,
          "bos_token_id": 1, "eos_token_id": 2
        }
        """;

    [Fact]
    public async Task A_model_from_scratch_learns_and_a_resumed_run_ends_where_the_whole_one_does()
    {
        using var run = new TemporaryRun();
        (await SftAsync(run, "whole")).Expect(0);
        (await SftAsync(run, "parts", "--max_steps", "11")).Expect(0);
        Directory.Delete(run["parts", "model"], recursive: true);
        (await SftAsync(run, "parts", "--resume_from_checkpoint", "auto")).Expect(0);

        RunFiles.AssertSameRun(run, "whole", "parts", "model");
        SortedDictionary<int, double> loss = run.Metric("whole", "eval/loss");
        Assert.Equal([0, 11, 22], loss.Keys);
        Assert.InRange(loss[0], Math.Log(512) - 0.5, Math.Log(512) + 0.5); // a model that knows nothing: all 512 tokens alike
        Assert.InRange(loss[22], 0, loss[0] - 1);
        Assert.Equal(22, run.Metric("whole", "sft/grad_norm").Count);
    }

    [Theory]
    [InlineData("O1")]
    [InlineData("O2")]
    public async Task In_16_bit_both_stages_learn_as_in_32_bit_and_a_resumed_run_ends_where_the_whole_one_does(string level)
    {
        using var run = new TemporaryRun();
        string[] narrow = ["--bf16", "true", "--fp16_opt_level", level, "--recompute", "true"];
        (await SftAsync(run, "wide")).Expect(0);
        Assert.Contains($"bf16 {level}, products in", (await SftAsync(run, "whole", narrow)).Expect(0).Output, StringComparison.Ordinal);
        (await SftAsync(run, "parts", [.. narrow, "--max_steps", "11"])).Expect(0);
        (await SftAsync(run, "parts", [.. narrow, "--resume_from_checkpoint", "auto"])).Expect(0);

        RunFiles.AssertSameRun(run, "whole", "parts", "model");
        Assert.Equal(run.Metric("wide", "eval/loss")[22], run.Metric("whole", "eval/loss")[22], 0.05);

        (await RewardAsync(run, "reward-wide")).Expect(0);
        (await RewardAsync(run, "reward", narrow)).Expect(0);
        Assert.Equal(run.Metric("reward-wide", "reward/loss")[1], run.Metric("reward", "reward/loss")[1], 0.01);
    }

    [Fact]
    public async Task Early_stopping_keeps_the_weights_of_the_least_loss()
    {
        using var run = new TemporaryRun();

        // Far too high a rate: the first evaluation after training is worse than the one before.
        CommandResult result = (await SftAsync(
            run, "run", "--learning_rate", "10", "--eval_steps", "1", "--load_best_model_at_end", "true", "--early_stopping_patience", "2")).Expect(0);

        Assert.Contains("the best eval/loss", result.Output, StringComparison.Ordinal);
        Assert.Contains("was at step 0", result.Output, StringComparison.Ordinal);
        Assert.Equal(2, run.Metric("run", "sft/loss").Count);
    }

    [Fact]
    public async Task A_stopped_run_goes_on_to_the_end_of_an_uninterrupted_one()
    {
        using var run = new TemporaryRun();
        string[] many = ["--max_steps", "300", "--eval_steps", "100", "--save_steps", "1000"];
        (await SftAsync(run, "whole", many)).Expect(0);
        using (RunningCommand command = CommandLine.Start([.. Sft(run, "parts"), .. many]))
        {
            await command.UntilAsync(() => File.Exists(run["parts", "metrics.jsonl"]) && new FileInfo(run["parts", "metrics.jsonl"]).Length > 1500, "some steps");
            await command.SignalAsync("TERM");
            Assert.Contains("go on with --resume_from_checkpoint auto", (await command.EndAsync()).Expect(143).Output, StringComparison.Ordinal);
        }

        Assert.Single(Directory.GetDirectories(run["parts"], "checkpoint-*"));
        (await SftAsync(run, "parts", [.. many, "--resume_from_checkpoint", "auto"])).Expect(0);
        RunFiles.AssertSameRun(run, "whole", "parts", "model");
    }

    [Fact]
    public async Task A_run_gives_its_config_and_its_model_back()
    {
        using var run = new TemporaryRun();
        string stories = RepositoryPaths.Shared("models", "stories260k");
        (await CommandLine.RunAsync("sft", "config/sft.json", "--model_name_or_path", stories, "--output_dir", run["one"], "--max_steps", "2", "--num_threads", "1")).Expect(0);
        using JsonDocument config = JsonDocument.Parse(await File.ReadAllTextAsync(run["one", "run_config.json"], TestContext.Current.CancellationToken));
        Assert.Equal(512, config.RootElement.GetProperty("max_seq_len").GetInt32());

        (await CommandLine.RunAsync("sft", run["one", "run_config.json"], "--model_name_or_path", run["one", "model"], "--output_dir", run["two"])).Expect(0);

        Assert.Equal(Directory.GetFiles(stories, "*.json").Select(Path.GetFileName).Where(name => !name!.StartsWith("golden", StringComparison.Ordinal)).Order(),
            Directory.GetFiles(run["two", "model"], "*.json").Select(Path.GetFileName).Order());
        Assert.Equal(new FileInfo(Path.Combine(stories, "model.safetensors")).Length, new FileInfo(run["two", "model", "model.safetensors"]).Length);
    }

    [Fact]
    public async Task A_reward_model_goes_on_from_a_checkpoint_and_then_scores_for_ppo()
    {
        using var run = new TemporaryRun();
        CommandResult result = (await RewardAsync(run, "whole")).Expect(0);
        Assert.Contains("a new score head was drawn", result.Output, StringComparison.Ordinal);
        Assert.Contains("have mean", result.Output, StringComparison.Ordinal);
        (await RewardAsync(run, "parts", "--max_steps", "2")).Expect(0);
        (await RewardAsync(run, "parts", "--resume_from_checkpoint", "auto")).Expect(0);
        RunFiles.AssertSameRun(run, "whole", "parts", "model");
        Assert.Equal([0, 2, 4], run.Metric("whole", "eval/accuracy").Keys);

        using JsonDocument config = JsonDocument.Parse(await File.ReadAllTextAsync(run["whole", "model", "config.json"], TestContext.Current.CancellationToken));
        Assert.Equal("LlamaForSequenceClassification", config.RootElement.GetProperty("architectures")[0].GetString());
        RepositoryPaths.Shared("data", "vader_lexicon.txt");
        (await CommandLine.RunAsync(
            "ppo", "config/stories_happy.json", "--do_train", "false", "--reward_model_name_or_path", run["whole", "model"], "--output_dir", run["ppo"],
            "--max_evaluate_steps", "1", "--num_threads", "1")).Expect(0);
        Assert.Equal(1, run.Metric("ppo", "eval/reward_std")[0], 0.9); // the head was scaled: 54 answers spread about as held-out ones

        // A score model is gone on with; its head is not drawn anew.
        Assert.DoesNotContain("score head was drawn", (await RewardAsync(run, "second", "--model_name_or_path", run["whole", "model"])).Expect(0).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"response\": [\"x\"], \"sort\": [1]", "len(response) is 1")]
    [InlineData("\"response\": [\"x\", \"y\"], \"sort\": [1]", "len(sort) is 1")]
    [InlineData("\"response\": [\"x\", \"y\"], \"sort\": [1, \"2\"]", "sort[1] is a string")]
    [InlineData("\"response\": [\"x\", \"y\"], \"sort\": [2, 2]", "nothing to prefer")]
    [InlineData("\"response\": [\"x\", \"\"], \"sort\": [1, 2]", "response[1] is an empty string")]
    [InlineData("\"sort\": [1, 2]", "response is missing")]
    public async Task Bad_preference_lines_name_their_place_and_are_skipped_on_request(string fields, string reason)
    {
        using var run = new TemporaryRun();
        string task = Task(run, $"{{\"src\": [\"q\"], \"tgt\": [], {fields}}}\n{{\"src\": [\"q\"], \"tgt\": [], \"response\": [\"x\", \"y\"], \"sort\": [1, 0]}}\n");
        string[] words = ["--train_task_config", task, "--eval_task_config", "none", "--scale_score_head", "false", "--load_best_model_at_end", "false"];
        CommandResult refused = (await RewardAsync(run, "out", words)).Expect(3);
        Assert.Contains("data.jsonl:1: ", refused.Error, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(run["out"]));

        Assert.Contains("1 of 2 lines skipped", (await RewardAsync(run, "out", [.. words, "--skip_invalid_data", "true"])).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vocabulary_smaller_than_the_tokenizers_is_refused()
    {
        using var run = new TemporaryRun();
        string[] words = Sft(run, "out");
        File.WriteAllText(run["tiny", "config.json"], TinyConfig.Replace("\"vocab_size\": 512", "\"vocab_size\": 300", StringComparison.Ordinal));

        CommandResult result = (await CommandLine.RunAsync(words)).Expect(3);

        Assert.Contains("vocab_size is 300, the tokenizer has 512 tokens", result.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(run["out"]));
    }

    [Fact]
    public async Task Replies_that_are_missing_and_a_folder_without_a_config_are_refused()
    {
        using var run = new TemporaryRun();
        string task = Task(run, "{\"src\": [\"a\", \"b\"], \"tgt\": [\"x\"]}\n");
        Assert.Contains("Expected 2 with len(src) 2", (await SftAsync(run, "out", "--train_task_config", task)).Expect(3).Error, StringComparison.Ordinal);
        Assert.Contains("init_from_config", (await SftAsync(run, "out", "--init_from_config", run["nowhere"])).Expect(3).Error, StringComparison.Ordinal);
    }

    private static string[] Sft(TemporaryRun run, string name)
    {
        string stories = RepositoryPaths.Shared("models", "stories260k");
        run.Write("tiny/config.json", TinyConfig);
        foreach (string file in new[] { "tokenizer.json", "tokenizer_config.json" })
        {
            File.WriteAllBytes(run["tiny", file], File.ReadAllBytes(Path.Combine(stories, file)));
        }

        return
        [
            "sft", "config/sft.json", "--model_name_or_path", "none", "--init_from_config", run["tiny", "config.json"], "--output_dir", run[name],
            "--eval_task_config", "config/task_sft.json", "--max_steps", "22", "--eval_steps", "11", "--save_steps", "11", "--learning_rate", "2e-2", "--lr_scheduler_type", "constant_with_warmup",
            "--per_device_train_batch_size", "2", "--gradient_accumulation_steps", "2", "--max_seq_len", "128", "--num_threads", "1",
        ];
    }

    private static Task<CommandResult> SftAsync(TemporaryRun run, string name, params string[] more) => CommandLine.RunAsync([.. Sft(run, name), .. more]);

    private static Task<CommandResult> RewardAsync(TemporaryRun run, string name, params string[] more)
    {
        RepositoryPaths.Shared("data", "stories_prompts", "preferences_train.jsonl");
        return CommandLine.RunAsync(
        [
            "reward", "config/stories_reward.json", "--output_dir", run[name], "--max_steps", "4", "--per_device_train_batch_size", "8",
            "--gradient_accumulation_steps", "2", "--evaluation_strategy", "steps", "--eval_steps", "2", "--save_strategy", "steps", "--save_steps", "2",
            "--max_evaluate_steps", "1", "--load_best_model_at_end", "false", "--logging_steps", "1", "--num_threads", "1", .. more,
        ]);
    }

    private static string Task(TemporaryRun run, string lines)
    {
        run.Write("data.jsonl", lines);
        return run.Write("task.json", "[{\"filepath\": \"data.jsonl\"}]");
    }
}
