using Proxima.Core.Binding;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;

namespace Proxima.Tests.Core.Ppo;

public sealed class PpoInactiveOptionsTests
{
    [Theory]
    [InlineData("kl_target = 3 has no effect: kl_controller is fixed.", "--kl_target", "3")]
    [InlineData("ptx_coeff = 2 has no effect: ptx_task_config is empty.", "--ptx_coeff", "2")]
    [InlineData("reward_lexicon = words.txt has no effect: no reward function is lexicon.", "--reward_lexicon", "words.txt")]
    [InlineData("reward_server_retries = 9 has no effect: reward_server is not given.", "--reward_server_retries", "9")]
    [InlineData("whiten_variance = biased has no effect: normalize_advantage is false.", "--whiten_variance", "biased")]
    [InlineData("eval_reward_function = lexicon has no effect: do_eval is false.", "--eval_reward_function", "lexicon")]
    [InlineData("eval_steps = 7 has no effect: training is not evaluated: do_train and do_eval are not both true.", "--eval_steps", "7")]
    [InlineData("save_steps = 7 has no effect: save_strategy is not steps.", "--save_strategy", "epoch", "--save_steps", "7")]
    [InlineData("num_train_epochs = 3 has no effect: max_steps wins over it.", "--max_steps", "5", "--num_train_epochs", "3")]
    [InlineData("warmup_ratio = 0.1 has no effect: warmup_steps wins over it.", "--warmup_steps", "5", "--warmup_ratio", "0.1")]
    [InlineData("min_learning_rate = 1e-6 has no effect: only the schedules linear and cosine have a floor.", "--lr_scheduler_type", "constant", "--min_learning_rate", "1e-6")]
    [InlineData("fp16_opt_level = O2 has no effect: neither fp16 nor bf16 is true.", "--fp16_opt_level", "O2")]
    [InlineData("recompute_granularity = core_attn has no effect: recompute is false.", "--recompute_granularity", "core_attn")]
    [InlineData("sharding_parallel_degree = 2 has no effect: sharding is off.", "--sharding_parallel_degree", "2")]
    [InlineData("missing_eos_penalty = 1 has no effect: ignore_eos is true, so every response counts as finished.", "--ignore_eos", "true", "--missing_eos_penalty", "1")]
    [InlineData("logging_dir = logs has no effect: report_to is none.", "--report_to", "none", "--logging_dir", "logs")]
    public void An_option_of_a_feature_that_is_off_gets_one_warning(string warning, params string[] words)
    {
        Assert.Equal(warning, Assert.Single(PpoWords.Load(words).Warnings));
    }

    [Fact]
    public void An_option_that_is_written_with_its_default_gets_none()
    {
        Assert.Empty(PpoWords.Load("--kl_target", "6", "--ptx_coeff", "16", "--reward_server_retries", "5").Warnings);
    }

    [Fact]
    public void An_option_whose_feature_is_on_gets_none()
    {
        Assert.Empty(PpoWords.Load("--kl_controller", "adaptive", "--kl_target", "3", "--kl_horizon", "100").Warnings);
        Assert.Empty(PpoWords.Load("--normalize_advantage", "true", "--whiten_variance", "biased").Warnings);
        Assert.Empty(PpoWords.Load("--reward_model_name_or_path", "none", "--reward_function", "lexicon", "--reward_lexicon", "words.txt").Warnings);
    }

    [Fact]
    public void A_default_that_a_preset_changed_gets_none()
    {
        Assert.Empty(PpoWords.Load("--preset", "openrlhf", "--normalize_advantage", "false").Warnings);
    }

    [Fact]
    public void A_warm_up_that_only_the_critic_uses_has_an_effect()
    {
        Assert.Empty(PpoWords.Load("--lr_scheduler_type", "constant", "--warmup_ratio", "0.1").Warnings);
        Assert.Equal(
            "warmup_ratio = 0.1 has no effect: the schedule constant has no warm-up.",
            Assert.Single(PpoWords.Load("--lr_scheduler_type", "constant", "--critic_lr_scheduler_type", "constant", "--warmup_ratio", "0.1").Warnings));
    }

    [Fact]
    public void Every_option_of_the_table_is_an_argument()
    {
        ArgumentSchema schema = ArgumentSchema.Of<PpoCommandSettings>();

        Assert.All(PpoInactiveOptions.Of(new PpoCommandSettings()), option => Assert.NotNull(schema.Find(option.Key)));
        Assert.All(SupportedFeatures.Gaps, gap => Assert.NotNull(schema.Find(gap.Key)));
    }
}
