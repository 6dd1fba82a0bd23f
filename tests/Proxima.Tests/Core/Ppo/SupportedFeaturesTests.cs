namespace Proxima.Tests.Core.Ppo;

public sealed class SupportedFeaturesTests
{
    [Theory]
    [InlineData("ptx_task_config", "sft.json")]
    [InlineData("recompute_old_log_probs", "false")]
    [InlineData("stop_strings", "END")]
    [InlineData("stop_after_minutes", "5")]
    [InlineData("report_to", "tensorboard")]
    [InlineData("log_samples_per_step", "8")]
    [InlineData("dashboard", "true")]
    [InlineData("async_save", "true")]
    [InlineData("device", "cuda:0")]
    [InlineData("compute_kernel", "bf16_managed")]
    [InlineData("offload", "true")]
    [InlineData("fp16", "true")]
    [InlineData("bf16", "true")]
    [InlineData("use_flash_attention", "true")]
    [InlineData("recompute", "true")]
    [InlineData("critic_recompute", "true")]
    [InlineData("sharding", "stage1")]
    public void What_cannot_take_effect_yet_is_refused_with_the_reason(string key, string value)
    {
        string error = Assert.Single(PpoWords.Errors($"--{key}", value));

        Assert.StartsWith($"{key} = {value} (command line): expected to be left out, since ", error, StringComparison.Ordinal);
        Assert.EndsWith(". Remove it.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reward_server", "http://localhost:8080")]
    [InlineData("reward_function", "exact_answer")]
    [InlineData("reward_function", "lexicon:2")]
    public void Sources_of_rewards_that_do_not_exist_yet_are_refused(string key, string value)
    {
        string[] errors = PpoWords.Errors("--reward_model_name_or_path", "none", "--reward_lexicon", "words.txt", $"--{key}", value);

        Assert.StartsWith($"{key} = {value} (command line): expected to be left out", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Refusals_stand_in_the_same_message_as_other_mistakes()
    {
        Assert.Equal(3, PpoWords.Errors("--bf16", "true", "--top_p", "2", "--max_stepz", "1").Length);
    }

    [Fact]
    public void Defaults_that_are_not_honoured_yet_print_one_line_each()
    {
        Assert.Collection(
            PpoWords.Load().Notes,
            note => Assert.StartsWith("report_to = tensorboard: ", note, StringComparison.Ordinal),
            note => Assert.StartsWith("log_samples_per_step = 8: ", note, StringComparison.Ordinal));
        Assert.Empty(PpoWords.Load("--report_to", "none", "--log_samples_per_step", "0").Notes);
    }
}
