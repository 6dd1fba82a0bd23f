using Proxima.Core;
using Proxima.Core.Binding;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;
using Proxima.Core.Stages;
using Proxima.Tests.Core.Ppo;
using Proxima.TestSupport;

namespace Proxima.Tests.Core.Stages;

public sealed class StageSettingsTests
{
    private static readonly string[] Sft = ["--train_task_config", "t.json", "--model_name_or_path", "m", "--output_dir", "o"];
    private static readonly string[] Reward = Sft;

    private static readonly string[] SharedNames =
    [
        "train_task_config", "eval_task_config", "ignore_eos", "skip_invalid_data", "max_seq_len", "model_name_or_path", "follow_model_links",
        "learning_rate", "min_learning_rate", "lr_scheduler_type", "warmup_ratio", "warmup_steps", "decay_steps", "weight_decay",
        "adam_beta1", "adam_beta2", "adam_epsilon", "max_grad_norm",
        "per_device_train_batch_size", "gradient_accumulation_steps", "per_device_eval_batch_size",
        "output_dir", "overwrite_output_dir", "resume_from_checkpoint", "seed", "max_steps", "num_train_epochs",
        "evaluation_strategy", "eval_steps", "max_evaluate_steps", "eval_at_start", "save_strategy", "save_steps", "save_total_limit",
        "load_best_model_at_end", "metric_for_best_model", "early_stopping_patience", "stop_after_minutes", "logging_steps",
        "report_to", "logging_dir", "dashboard", "verbose", "async_save",
        "device", "num_threads", "fp16", "bf16", "fp16_opt_level", "use_flash_attention", "recompute", "recompute_granularity",
        "sharding", "sharding_parallel_degree",
    ];

    [Fact]
    public void The_stages_have_the_names_they_share_with_ppo_and_few_of_their_own()
    {
        Assert.Equal(SharedNames.Append("init_from_config").Order(), Names<SftCommandSettings>());
        Assert.Equal(SharedNames.Concat(["reward_margin", "reward_center_coeff", "scale_score_head"]).Order(), Names<RewardCommandSettings>());
    }

    [Fact]
    public void Defaults_differ_from_those_of_ppo_only_where_a_step_is_another_thing()
    {
        SettingsOf<SftCommandSettings> sft = new(StageSettingsLoader.LoadSft(Sft).Settings);
        SettingsOf<PpoCommandSettings> ppo = new(new PpoCommandSettings());
        string[] own = [.. SharedNames.Where(name => ppo.Has(name) && sft[name] != ppo[name])];

        Assert.Equal(["train_task_config", "gradient_accumulation_steps", "output_dir", "metric_for_best_model"], own);
        Assert.Equal("1", sft["gradient_accumulation_steps"]);
        Assert.Equal("eval/loss", sft["metric_for_best_model"]);
        Assert.Equal("eval/accuracy", StageSettingsLoader.LoadReward(Reward).Settings.Run.MetricForBestModel);
    }

    [Theory]
    [InlineData("async_save", "true", "--sharding", "stage1")]
    [InlineData("fp16", "true", "--device", "cpu")]
    [InlineData("sharding", "stage1", "--device", "cuda")]
    public void What_cannot_take_effect_yet_is_refused_with_the_reason(string key, string value, params string[] more)
    {
        string[] words = [$"--{key}", value, .. more];
        foreach (string error in new[] { Errors(StageSettingsLoader.LoadSft, [.. Sft, .. words]), Errors(StageSettingsLoader.LoadReward, [.. Reward, .. words]) })
        {
            Assert.StartsWith($"  1. {key} = {value} (command line): expected to be left out, since ", error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("metric_for_best_model = eval/reward_mean", "--load_best_model_at_end", "true", "--eval_task_config", "e.json", "--metric_for_best_model", "eval/reward_mean")]
    [InlineData("load_best_model_at_end = true", "--load_best_model_at_end", "true")]
    [InlineData("model_name_or_path = m, init_from_config = c", "--init_from_config", "c")]
    [InlineData("model_name_or_path = none, init_from_config = none", "--model_name_or_path", "none")]
    [InlineData("gradient_accumulation_steps = 0", "--gradient_accumulation_steps", "0")]
    [InlineData("per_device_train_batch_size = 2000000000, gradient_accumulation_steps = 2", "--per_device_train_batch_size", "2000000000", "--gradient_accumulation_steps", "2")]
    [InlineData("min_learning_rate = 1, learning_rate = 5e-5", "--min_learning_rate", "1")]
    [InlineData("actor_model_name_or_path = a", "--actor_model_name_or_path", "a")]
    [InlineData("critic_learning_rate = 1", "--critic_learning_rate", "1")]
    [InlineData("train_task_config = none", "--train_task_config", "none")]
    public void Mistakes_of_sft_are_named_with_their_values(string expected, params string[] words)
    {
        Assert.Contains($"1. {expected} (", Errors(StageSettingsLoader.LoadSft, [.. Sft, .. words]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("init_from_config = c", "--init_from_config", "c")]
    [InlineData("model_name_or_path = none", "--model_name_or_path", "none")]
    [InlineData("scale_score_head = true, eval_task_config = none", "--scale_score_head", "true")]
    [InlineData("reward_center_coeff = -1", "--reward_center_coeff", "-1")]
    public void Mistakes_of_reward_are_named_with_their_values(string expected, params string[] words)
    {
        Assert.Contains($"1. {expected} (", Errors(StageSettingsLoader.LoadReward, [.. Reward, .. words]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eval_steps = 7 has no effect: eval_task_config is not given.", "--eval_steps", "7")]
    [InlineData("warmup_steps = 7 has no effect: the schedule constant has no warm-up.", "--lr_scheduler_type", "constant", "--warmup_steps", "7")]
    [InlineData("num_train_epochs = 3 has no effect: max_steps wins over it.", "--max_steps", "5", "--num_train_epochs", "3")]
    [InlineData("metric_for_best_model = eval/loss has no effect: neither load_best_model_at_end nor early_stopping_patience is set.", "--metric_for_best_model", "eval/loss")]
    public void An_option_of_a_feature_that_is_off_gets_one_warning(string warning, params string[] words)
    {
        Assert.Equal(warning, Assert.Single(StageSettingsLoader.LoadReward([.. Reward, .. words]).Warnings));
    }

    [Fact]
    public void The_written_config_gives_the_same_settings_back()
    {
        using TemporaryFolder folder = new();
        string path = folder.At("run_config.json");
        SftCommandSettings first = StageSettingsLoader.LoadSft([.. Sft, "--eval_task_config", "e.json", "--learning_rate", "3e-5", "--max_steps", "9"]).Settings;

        StageSettingsLoader.WriteRunConfig(path, first);

        Assert.Equal(SettingsText.All(first), SettingsText.All(StageSettingsLoader.LoadSft([path]).Settings));
    }

    [Theory]
    [InlineData(10, 1, 1, -1, 1.0, 10)]
    [InlineData(10, 4, 1, -1, 1.0, 3)]
    [InlineData(10, 2, 2, -1, 2.0, 6)]
    [InlineData(10, 2, 2, 5, 2.0, 5)]
    [InlineData(10, 1, 1, -1, 1.1, 11)]
    [InlineData(3, 8, 1, -1, 0.1, 1)]
    public void A_step_takes_micro_batches_and_an_epoch_all_lines(int lines, int size, int accumulation, int maxSteps, double epochs, int steps)
    {
        SftCommandSettings settings = new()
        {
            Batch = new BatchSettings { PerDeviceTrainBatchSize = size, GradientAccumulationSteps = accumulation },
            Run = new RunSettings { MaxSteps = maxSteps, NumTrainEpochs = epochs },
        };

        StagePlan plan = StagePlan.Create(settings, lines);

        Assert.Equal((size * accumulation, steps), (plan.ExamplesPerStep, plan.TotalSteps));
    }

    [Fact]
    public void Ranks_multiply_the_examples_of_a_step()
    {
        SftCommandSettings settings = new() { Batch = new BatchSettings { PerDeviceTrainBatchSize = 2, GradientAccumulationSteps = 3 } };

        StagePlan plan = StagePlan.Create(settings, examples: 100, ranks: 4);

        Assert.Equal((24, 5), (plan.ExamplesPerStep, plan.StepsPerEpoch));
    }

    private static IEnumerable<string> Names<TRoot>()
        where TRoot : class => ArgumentSchema.Of<TRoot>().Arguments.Select(argument => argument.Name).Order();

    private static string Errors<TRoot>(Func<IReadOnlyList<string>, LoadedSettings<TRoot>> load, string[] words)
        where TRoot : class
    {
        ProximaException exception = Assert.Throws<ProximaException>(() => load(words));
        Assert.Equal(ExitCode.Usage, exception.ExitCode);
        return exception.Message[(exception.Message.IndexOf('\n', StringComparison.Ordinal) + 1)..];
    }

    private sealed class SettingsOf<TRoot>(TRoot settings)
        where TRoot : class
    {
        public string this[string name] => SettingsText.Of(settings, name);

        public bool Has(string name) => ArgumentSchema.Of<TRoot>().Find(name) is not null;
    }
}
