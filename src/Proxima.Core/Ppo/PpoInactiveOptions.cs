using Proxima.Core.Rewards;
using Proxima.Core.Settings;
using static Proxima.Core.Ppo.CommonInactiveOptions;

namespace Proxima.Core.Ppo;

/// <summary>
/// Which options of <c>ppo</c> belong to a feature, and when that is off: such an option gets a warning when it was changed,
/// and is left out of run_config.json.
/// </summary>
public static class PpoInactiveOptions
{
    private static IReadOnlyList<InactiveOption<PpoCommandSettings>> Table { get; } =
    [
        new("train_task_config", s => !s.Task.DoTrain, "do_train is false"),
        new("ptx_task_config", s => !s.Task.DoTrain, "do_train is false"),
        new("eval_task_config", s => !s.Task.DoEval, "do_eval is false"),

        new("stop_token_ids", s => s.Sampling.IgnoreEos, "ignore_eos is true"),
        new("stop_strings", s => s.Sampling.IgnoreEos, "ignore_eos is true"),
        new("missing_eos_penalty", s => s.Sampling.IgnoreEos, "ignore_eos is true, so every response counts as finished"),
        new("compute_kernel", s => !s.Sampling.UseFusemt, "use_fusemt is false"),
        new("compute_kernel", s => s.Machine.NamesCuda, "the kernels are those of the CPU's engine"),

        new("critic_min_learning_rate", s => !HasFloor(s.Optimizer.CriticLrSchedulerType), "only the schedules linear and cosine have a floor"),
        new("warmup_ratio", s => !Warms(s.Optimizer.LrSchedulerType) && !CriticFollowsWarmup(s), "the schedule constant has no warm-up"),
        new("critic_warmup_ratio", s => s.Optimizer.WarmupSteps > 0, "warmup_steps wins over it"),
        new("critic_warmup_ratio", s => !Warms(s.Optimizer.CriticLrSchedulerType), "the schedule constant has no warm-up"),
        new("warmup_steps", s => !Warms(s.Optimizer.LrSchedulerType) && !Warms(s.Optimizer.CriticLrSchedulerType), "the schedule constant has no warm-up"),
        new("critic_decay_steps", s => !Decays(s.Optimizer.CriticLrSchedulerType), "a constant schedule does not decay"),

        new("per_device_eval_batch_size", s => !s.Task.DoEval, "do_eval is false"),
        new("ptx_coeff", s => s.Task.PtxTaskConfig.Length == 0, "ptx_task_config is empty"),
        new("kl_target", s => s.Ppo.KlController == KlControllerType.Fixed, "kl_controller is fixed"),
        new("kl_horizon", s => s.Ppo.KlController == KlControllerType.Fixed, "kl_controller is fixed"),
        new("whiten_variance", s => !s.Ppo.NormalizeAdvantage, "normalize_advantage is false"),

        new("reward_server_batch_size", s => s.Reward.RewardServer is null, "reward_server is not given"),
        new("reward_server_timeout_s", s => s.Reward.RewardServer is null, "reward_server is not given"),
        new("reward_server_retries", s => s.Reward.RewardServer is null, "reward_server is not given"),
        new("reward_server_token_env", s => s.Reward.RewardServer is null, "reward_server is not given"),
        new("reward_server_token_file", s => s.Reward.RewardServer is null, "reward_server is not given"),
        new("reward_lexicon", s => !UsesFunction(s, RewardFunctionMix.Lexicon), "no reward function is lexicon"),
        new("reward_pattern", s => !UsesFunction(s, RewardFunctionMix.Regex), "no reward function is regex"),
        new("reward_target_length", s => !UsesFunction(s, RewardFunctionMix.Length), "no reward function is length"),
        new("eval_reward_function", s => !s.Task.DoEval, "do_eval is false"),

        new("evaluation_strategy", s => !EvaluatesInTraining(s), "training is not evaluated: do_train and do_eval are not both true"),
        new("eval_at_start", s => !EvaluatesInTraining(s), "training is not evaluated: do_train and do_eval are not both true"),
        new("eval_steps", s => !EvaluatesInTraining(s), "training is not evaluated: do_train and do_eval are not both true"),
        new("eval_steps", s => s.Run.EvaluationStrategy != IntervalStrategy.Steps, "evaluation_strategy is not steps"),
        new("max_evaluate_steps", s => !s.Task.DoEval, "do_eval is false"),
        new("eval_num_return_sequences", s => !s.Task.DoEval, "do_eval is false"),
        new("eval_seed", s => !s.Task.DoEval, "do_eval is false"),
        new("stop_after_minutes", s => !s.Task.DoTrain, "do_train is false"),
        new("log_samples_per_step", s => !s.Task.DoTrain, "do_train is false"),

        new("critic_recompute_granularity", s => !(s.Machine.CriticRecompute ?? s.Machine.Recompute), "critic_recompute is false"),

        .. Rows<PpoCommandSettings>(),
    ];

    /// <summary>The options that have no effect under these settings, each once, with the first reason.</summary>
    public static IReadOnlyList<InactiveOption<PpoCommandSettings>> Of(PpoCommandSettings settings) =>
        [.. Table.Where(option => option.IsInactive(settings)).DistinctBy(option => option.Key)];

    private static bool CriticFollowsWarmup(PpoCommandSettings settings) =>
        settings.Optimizer.CriticWarmupRatio is null && Warms(settings.Optimizer.CriticLrSchedulerType);

    private static bool UsesFunction(PpoCommandSettings settings, string function) =>
        RewardFunctionMix.Names(settings.Reward.RewardFunction, function)
        || (settings.Task.DoEval && RewardFunctionMix.Names(settings.Reward.EvalRewardFunction, function));

    private static bool EvaluatesInTraining(PpoCommandSettings settings) => settings.Task.DoTrain && settings.Task.DoEval;
}
