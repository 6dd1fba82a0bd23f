using Proxima.Core.Binding;
using Proxima.Core.Settings;

namespace Proxima.Tests.Core.Binding;

/// <summary>Names and defaults of the arguments of <c>ppo</c> as the interface fixes them.</summary>
public sealed class InterfaceArgumentsTests
{
    private static readonly Dictionary<string, string> Expected = new()
    {
        ["train_task_config"] = "none",
        ["eval_task_config"] = "none",
        ["ptx_task_config"] = "\"\"",
        ["actor_model_name_or_path"] = "none",
        ["reward_model_name_or_path"] = "none",
        ["critic_model_name_or_path"] = "none",
        ["follow_model_links"] = "false",
        ["use_fusemt"] = "true",
        ["use_flash_attention"] = "false",
        ["output_dir"] = "none",
        ["max_seq_len"] = "4096",
        ["max_prompt_len"] = "none",
        ["max_dec_len"] = "512",
        ["min_dec_len"] = "1",
        ["top_p"] = "1",
        ["temperature"] = "1",
        ["repetition_penalty"] = "1",
        ["num_return_sequences"] = "1",
        ["top_k"] = "0",
        ["stop_token_ids"] = "none",
        ["stop_strings"] = "none",
        ["ignore_eos"] = "false",
        ["learning_rate"] = "5e-5",
        ["min_learning_rate"] = "none",
        ["critic_learning_rate"] = "none",
        ["critic_min_learning_rate"] = "none",
        ["recompute"] = "false",
        ["critic_recompute"] = "none",
        ["recompute_granularity"] = "full",
        ["critic_recompute_granularity"] = "full",
        ["warmup_ratio"] = "0",
        ["critic_warmup_ratio"] = "none",
        ["warmup_steps"] = "0",
        ["lr_scheduler_type"] = "linear",
        ["critic_lr_scheduler_type"] = "linear",
        ["decay_steps"] = "none",
        ["critic_decay_steps"] = "none",
        ["weight_decay"] = "0",
        ["critic_weight_decay"] = "0",
        ["adam_beta1"] = "0.9",
        ["adam_beta2"] = "0.999",
        ["adam_epsilon"] = "1e-8",
        ["max_grad_norm"] = "1",
        ["per_device_prompt_batch_size"] = "16",
        ["per_device_train_batch_size"] = "1",
        ["gradient_accumulation_steps"] = "0",
        ["per_device_eval_batch_size"] = "8",
        ["max_steps"] = "-1",
        ["num_train_epochs"] = "1",
        ["eval_steps"] = "500",
        ["max_evaluate_steps"] = "-1",
        ["logging_steps"] = "1",
        ["save_steps"] = "500",
        ["evaluation_strategy"] = "steps",
        ["save_strategy"] = "steps",
        ["eval_at_start"] = "true",
        ["eval_num_return_sequences"] = "1",
        ["eval_seed"] = "5",
        ["do_train"] = "false",
        ["do_eval"] = "false",
        ["fp16"] = "false",
        ["bf16"] = "false",
        ["fp16_opt_level"] = "O1",
        ["kl_coeff"] = "0.02",
        ["clip_range_ratio"] = "0.2",
        ["clip_range_score"] = "10",
        ["clip_range_value"] = "5",
        ["ptx_coeff"] = "16",
        ["update_iters"] = "1",
        ["gamma"] = "1",
        ["gae_lambda"] = "0.95",
        ["normalize_reward"] = "false",
        ["normalize_advantage"] = "false",
        ["kl_controller"] = "fixed",
        ["kl_target"] = "6",
        ["kl_horizon"] = "10000",
        ["kl_estimator"] = "k1",
        ["kl_clamp"] = "none",
        ["missing_eos_penalty"] = "none",
        ["critic_warmup_steps"] = "0",
        ["dual_clip"] = "none",
        ["entropy_coeff"] = "0",
        ["target_kl"] = "none",
        ["score_placement"] = "last",
        ["whiten_variance"] = "unbiased",
        ["gae_gaps"] = "carry",
        ["loss_aggregation"] = "token",
        ["preset"] = "proxima",
        ["reward_server"] = "none",
        ["reward_server_batch_size"] = "64",
        ["reward_server_timeout_s"] = "60",
        ["reward_server_retries"] = "5",
        ["reward_server_token_env"] = "none",
        ["reward_server_token_file"] = "none",
        ["reward_function"] = "none",
        ["reward_scale"] = "1",
        ["reward_lexicon"] = "none",
        ["reward_pattern"] = "none",
        ["reward_target_length"] = "none",
        ["eval_reward_function"] = "none",
        ["sharding"] = "\"\"",
        ["sharding_parallel_degree"] = "none",
        ["seed"] = "42",
        ["resume_from_checkpoint"] = "none",
        ["overwrite_output_dir"] = "false",
        ["save_total_limit"] = "none",
        ["load_best_model_at_end"] = "false",
        ["metric_for_best_model"] = "eval/reward_mean",
        ["early_stopping_patience"] = "none",
        ["stop_after_minutes"] = "none",
        ["device"] = "auto",
        ["num_threads"] = "0",
        ["compute_kernel"] = "auto",
        ["offload"] = "false",
        ["report_to"] = "tensorboard",
        ["logging_dir"] = "none",
        ["log_samples_per_step"] = "8",
        ["dashboard"] = "false",
        ["verbose"] = "false",
        ["async_save"] = "false",
        ["recompute_old_log_probs"] = "true",
        ["skip_invalid_data"] = "false",
    };

    private static readonly ArgumentSchema Schema = ArgumentSchema.Of<PpoCommandSettings>();

    [Fact]
    public void There_are_exactly_the_arguments_of_the_interface()
    {
        Assert.Equal(Expected.Keys.Order(), Schema.Arguments.Select(argument => argument.Name).Order());
    }

    [Fact]
    public void Each_argument_has_the_default_of_the_interface()
    {
        PpoCommandSettings defaults = new();

        Dictionary<string, string> actual = Schema.Arguments.ToDictionary(
            argument => argument.Name, argument => ArgumentDefinition.TextOf(argument.ValueIn(defaults)));

        Assert.All(Expected, expected => Assert.Equal($"{expected.Key} {expected.Value}", $"{expected.Key} {actual[expected.Key]}"));
    }

    [Fact]
    public void Each_default_is_within_its_own_range()
    {
        PpoCommandSettings defaults = new();

        Assert.All(Schema.Arguments.Where(argument => argument.Bounds is not null), argument =>
        {
            object? value = argument.ValueIn(defaults);
            Assert.True(value is null || argument.Bounds!.Allows(Convert.ToDouble(value, null)), argument.Name);
        });
    }

    [Theory]
    [InlineData("evaluation_strategy", "steps | epoch | no")]
    [InlineData("lr_scheduler_type", "linear | cosine | constant | constant_with_warmup | polynomial")]
    [InlineData("recompute_granularity", "core_attn | full_attn | full")]
    [InlineData("kl_controller", "fixed | adaptive")]
    [InlineData("kl_estimator", "k1 | k2 | k3")]
    [InlineData("score_placement", "last | after_eos")]
    [InlineData("whiten_variance", "unbiased | biased")]
    [InlineData("gae_gaps", "carry | zero")]
    [InlineData("loss_aggregation", "token | micro_batch")]
    [InlineData("preset", "proxima | paddlenlp | trl | openrlhf | verl")]
    [InlineData("sharding", "\"\" | stage1 | stage2 | stage3")]
    [InlineData("compute_kernel", "auto | fp32 | bf16_managed | bf16_native")]
    [InlineData("report_to", "tensorboard | none")]
    [InlineData("fp16_opt_level", "O1 | O2")]
    public void Choices_are_spelt_as_in_the_interface(string name, string expected)
    {
        Assert.Equal(expected, Schema[name].Type.ShortName);
    }
}
