using Proxima.Core;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;

namespace Proxima.Tests.Core.Ppo;

public sealed class PpoSettingsValidatorTests
{
    [Fact]
    public void The_fewest_words_make_a_run_without_warnings()
    {
        Assert.Empty(PpoWords.Load().Warnings);
    }

    [Fact]
    public void Without_any_word_every_required_argument_is_named()
    {
        string[] errors = PpoWords.ErrorsOf([]);

        Assert.Collection(
            errors,
            error => Assert.StartsWith("do_train = false, do_eval = false (default): expected one of them true.", error, StringComparison.Ordinal),
            error => Assert.StartsWith("actor_model_name_or_path = none", error, StringComparison.Ordinal),
            error => Assert.StartsWith("reward_model_name_or_path = none, reward_server = none, reward_function = none", error, StringComparison.Ordinal),
            error => Assert.StartsWith("output_dir = none", error, StringComparison.Ordinal));
    }

    [Fact]
    public void Five_mistakes_of_five_kinds_are_reported_in_one_message()
    {
        ProximaException exception = Assert.Throws<ProximaException>(() => PpoSettingsLoader.Load(
        [
            "--do_train", "true",
            "--actor_model_name_or_path", "actor",
            "--reward_model_name_or_path", "reward",
            "--output_dir", "out",
            "--max_stepz", "40",
            "--learning_rate", "fast",
            "--top_p", "1.5",
            "--per_device_prompt_batch_size", "10",
            "--per_device_train_batch_size", "4",
        ]));

        Assert.Equal(ExitCode.Usage, exception.ExitCode);
        Assert.StartsWith("5 mistakes in the settings of proxima ppo; nothing was touched.", exception.Message, StringComparison.Ordinal);
        string[] lines = exception.Message.Split('\n');
        Assert.Equal(6, lines.Length);
        Assert.StartsWith("  1. max_stepz = 40 (command line): expected a known name. The nearest is max_steps", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("  2. learning_rate = fast", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("  3. top_p = 1.5", lines[3], StringComparison.Ordinal);
        Assert.StartsWith("  4. train_task_config = none (default): expected a task file, since do_train is true", lines[4], StringComparison.Ordinal);
        Assert.Contains("the 10 sequences of a rollout to be divisible", lines[5], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eval_task_config", "--do_eval", "true")]
    [InlineData("temperature", "--temperature", "0")]
    [InlineData("recompute_old_log_probs", "--recompute_old_log_probs", "false", "--compute_kernel", "bf16_managed")]
    [InlineData("min_dec_len", "--min_dec_len", "6", "--max_dec_len", "5")]
    [InlineData("min_learning_rate", "--min_learning_rate", "1e-4")]
    [InlineData("critic_min_learning_rate", "--critic_min_learning_rate", "1e-4")]
    [InlineData("critic_min_learning_rate", "--critic_min_learning_rate", "1e-4", "--critic_learning_rate", "1e-5")]
    [InlineData("decay_steps", "--decay_steps", "10", "--warmup_steps", "10")]
    [InlineData("critic_decay_steps", "--critic_decay_steps", "3", "--warmup_steps", "10")]
    [InlineData("reward_model_name_or_path", "--reward_function", "lexicon", "--reward_lexicon", "words.txt")]
    [InlineData("reward_model_name_or_path", "--reward_model_name_or_path", "none")]
    [InlineData("reward_lexicon", "--reward_model_name_or_path", "none", "--reward_function", "lexicon")]
    [InlineData("reward_lexicon", "--do_eval", "true", "--eval_task_config", "e", "--eval_reward_function", "lexicon")]
    [InlineData("reward_function", "--reward_model_name_or_path", "none", "--reward_function", "lexicn")]
    [InlineData("reward_function", "--reward_model_name_or_path", "none", "--reward_function", "lexicon:x", "--reward_lexicon", "words.txt")]
    [InlineData("reward_pattern", "--reward_model_name_or_path", "none", "--reward_function", "regex")]
    [InlineData("reward_pattern", "--reward_model_name_or_path", "none", "--reward_function", "regex", "--reward_pattern", "(")]
    [InlineData("reward_target_length", "--reward_model_name_or_path", "none", "--reward_function", "exact_answer,length:2")]
    [InlineData("reward_server", "--reward_model_name_or_path", "none", "--reward_server", "localhost:80")]
    [InlineData("reward_server", "--reward_model_name_or_path", "none", "--reward_server", "http://me:secret@localhost:80")]
    [InlineData("reward_server_token_env", "--reward_model_name_or_path", "none", "--reward_server", "http://localhost:80", "--reward_server_token_env", "A", "--reward_server_token_file", "b")]
    [InlineData("reward_server_timeout_s", "--reward_model_name_or_path", "none", "--reward_server", "http://localhost:80", "--reward_server_timeout_s", "0")]
    [InlineData("overwrite_output_dir", "--overwrite_output_dir", "true", "--resume_from_checkpoint", "auto")]
    [InlineData("load_best_model_at_end", "--load_best_model_at_end", "true")]
    [InlineData("early_stopping_patience", "--early_stopping_patience", "3")]
    [InlineData("early_stopping_patience", "--early_stopping_patience", "3", "--do_eval", "true", "--eval_task_config", "e", "--evaluation_strategy", "no")]
    [InlineData("metric_for_best_model", "--load_best_model_at_end", "true", "--do_eval", "true", "--eval_task_config", "e", "--metric_for_best_model", "eval/rewards")]
    [InlineData("metric_for_best_model", "--load_best_model_at_end", "true", "--do_eval", "true", "--eval_task_config", "e", "--metric_for_best_model", "eval/gold_mean")]
    public void A_single_mistake_is_a_single_error_that_names_the_argument(string key, params string[] words)
    {
        Assert.StartsWith($"{key} = ", Assert.Single(PpoWords.Errors(words)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("99", "100", "200", true)]
    [InlineData("100", "100", "200", false)]
    [InlineData("101", "100", "200", false)]
    [InlineData(null, "198", "200", true)]
    [InlineData(null, "199", "200", false)]
    public void Prompt_and_response_together_are_strictly_shorter_than_the_sequence(string? prompt, string response, string sequence, bool fits)
    {
        string[] words = ["--max_prompt_len", prompt ?? "none", "--max_dec_len", response, "--max_seq_len", sequence];

        if (fits)
        {
            PpoWords.Load(words);
        }
        else
        {
            Assert.Contains("below max_seq_len", Assert.Single(PpoWords.Errors(words)), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("64", "1", "16", "1", true)]
    [InlineData("64", "1", "16", "4", true)]
    [InlineData("64", "1", "16", "3", false)]
    [InlineData("64", "1", "16", "8", false)]
    [InlineData("10", "1", "4", "0", false)]
    [InlineData("10", "2", "4", "0", true)]
    [InlineData("10", "2", "4", "5", true)]
    public void A_rollout_is_divisible_by_the_sequences_of_an_optimizer_step(string prompts, string samples, string micro, string accumulation, bool fits)
    {
        string[] words =
        [
            "--per_device_prompt_batch_size", prompts, "--num_return_sequences", samples,
            "--per_device_train_batch_size", micro, "--gradient_accumulation_steps", accumulation,
        ];

        if (fits)
        {
            PpoWords.Load(words);
        }
        else
        {
            Assert.Contains("to be divisible by", Assert.Single(PpoWords.Errors(words)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Both_16_bit_precisions_at_once_are_a_conflict_beside_what_is_not_supported()
    {
        string[] errors = PpoWords.Errors("--fp16", "true", "--bf16", "true");

        Assert.Contains("fp16 = true, bf16 = true (command line): expected at most one of them. Leave one of them out.", errors);
    }

    [Theory]
    [InlineData("tpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:x")]
    [InlineData("")]
    public void A_device_has_one_of_four_forms(string device)
    {
        Assert.Contains(PpoWords.Errors("--device", device), error => error.Contains("expected auto, cpu, cuda or cuda:N", StringComparison.Ordinal));
    }

    [Fact]
    public void An_argument_that_could_not_be_read_is_not_also_checked_against_others()
    {
        Assert.StartsWith("output_dir = (no value)", Assert.Single(PpoWords.ErrorsOf([.. PpoWords.Least.SkipLast(2), "--output_dir"])), StringComparison.Ordinal);
        Assert.StartsWith("temperature = cold", Assert.Single(PpoWords.Errors("--temperature", "cold")), StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluation_alone_needs_no_training_task()
    {
        LoadedSettings<PpoCommandSettings> loaded = PpoSettingsLoader.Load(
        [
            "--do_eval", "true", "--eval_task_config", "e.json", "--actor_model_name_or_path", "actor",
            "--reward_model_name_or_path", "reward", "--output_dir", "out",
        ]);

        Assert.Empty(loaded.Warnings);
    }

    [Fact]
    public void The_critic_follows_the_actor_where_it_has_no_value_of_its_own()
    {
        LoadedSettings<PpoCommandSettings> loaded = PpoWords.Load("--learning_rate", "3e-4", "--warmup_ratio", "0.1");

        Assert.Equal((3e-4, 0.1, false), (
            loaded.Settings.Optimizer.CriticLearningRate,
            loaded.Settings.Optimizer.CriticWarmupRatio,
            loaded.Settings.Machine.CriticRecompute));
        Assert.Equal(1e-4, PpoWords.Load("--learning_rate", "3e-4", "--critic_learning_rate", "1e-4").Settings.Optimizer.CriticLearningRate);
    }
}
