using System.Text.Json;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;
using Proxima.TestSupport;

namespace Proxima.Tests.Core.Ppo;

public sealed class RunConfigRoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData]
    [InlineData("--preset", "trl", "--kl_coeff", "0.07", "--clip_range_ratio", "none")]
    [InlineData("--preset", "openrlhf", "--stop_token_ids", "2,7", "--seed", "9007199254740993")]
    [InlineData("--kl_controller", "adaptive", "--kl_target", "3.5", "--learning_rate", "1.2345678901234567e-5", "--lr_scheduler_type", "cosine", "--min_learning_rate", "1e-7")]
    [InlineData("--do_eval", "true", "--eval_task_config", "ö \"e\".json", "--eval_reward_function", "lexicon", "--reward_lexicon", "a\\b.txt", "--load_best_model_at_end", "true", "--metric_for_best_model", "eval/gold_mean")]
    [InlineData("--report_to", "none", "--log_samples_per_step", "0", "--use_fusemt", "false", "--max_prompt_len", "7", "--clip_range_score", "none")]
    public void A_run_config_given_back_yields_the_same_settings(params string[] words)
    {
        LoadedSettings<PpoCommandSettings> first = PpoWords.Load(words);
        string path = _folder.At("run_config.json");

        PpoSettingsLoader.WriteRunConfig(path, first.Settings);
        LoadedSettings<PpoCommandSettings> second = PpoSettingsLoader.Load([path]);

        Assert.Equal(SettingsText.All(first.Settings), SettingsText.All(second.Settings));
        Assert.Empty(second.Warnings);
    }

    [Fact]
    public void Options_without_effect_and_those_that_say_how_the_run_was_started_are_left_out()
    {
        string path = _folder.At("run_config.json");

        PpoSettingsLoader.WriteRunConfig(path, PpoWords.Load("--kl_target", "3", "--overwrite_output_dir", "true", "--ptx_coeff", "2").Settings);

        using JsonDocument config = JsonDocument.Parse(File.ReadAllText(path));
        string[] names = [.. config.RootElement.EnumerateObject().Select(property => property.Name)];
        Assert.DoesNotContain(names, name => name is "kl_target" or "ptx_coeff" or "overwrite_output_dir" or "resume_from_checkpoint" or "reward_lexicon");
        Assert.Contains("kl_coeff", names);
    }

    [Fact]
    public void It_holds_the_effective_values_with_plain_numbers_and_texts()
    {
        string path = _folder.At("run_config.json");

        PpoSettingsLoader.WriteRunConfig(path, PpoWords.Load("--learning_rate", "3e-5", "--kl_clamp", "none", "--stop_token_ids", "2").Settings);

        string text = File.ReadAllText(path);
        Assert.Contains("\n  \"learning_rate\": 3e-5,\n", text, StringComparison.Ordinal);
        Assert.Contains("\n  \"critic_learning_rate\": 3e-5,\n", text, StringComparison.Ordinal);
        Assert.Contains("\n  \"kl_clamp\": null,\n", text, StringComparison.Ordinal);
        Assert.Contains("\n  \"sharding\": \"\"", text, StringComparison.Ordinal);
        Assert.Contains("\n  \"preset\": \"proxima\",\n", text, StringComparison.Ordinal);
        using JsonDocument config = JsonDocument.Parse(text);
        Assert.Equal(2, config.RootElement.GetProperty("stop_token_ids")[0].GetInt32());
    }

    [Fact]
    public void Every_setting_that_is_active_is_written()
    {
        string path = _folder.At("run_config.json");
        PpoCommandSettings settings = PpoWords.Load().Settings;

        PpoSettingsLoader.WriteRunConfig(path, settings);

        using JsonDocument config = JsonDocument.Parse(File.ReadAllText(path));
        HashSet<string> leftOut =
        [
            .. PpoInactiveOptions.Of(settings).Select(option => option.Key),
            "overwrite_output_dir", "resume_from_checkpoint",
        ];
        Assert.Equal(
            SettingsText.All(settings).Select(line => line.Split(' ')[0]).Where(name => !leftOut.Contains(name)),
            config.RootElement.EnumerateObject().Select(property => property.Name));
    }
}
