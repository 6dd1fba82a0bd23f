using Proxima.Core.Rewards;
using Proxima.Core.Settings;

namespace Proxima.Core.Ppo;

/// <summary>
/// Which options of <c>ppo</c> belong to a feature, and when that is off: such an option gets a warning when it was changed,
/// and is left out of run_config.json.
/// </summary>
public static class PpoInactiveOptions
{
    private static IReadOnlyList<InactiveOption> Table { get; } =
    [
        new("train_task_config", s => !s.Task.DoTrain, "do_train is false"),
        new("ptx_task_config", s => !s.Task.DoTrain, "do_train is false"),
        new("eval_task_config", s => !s.Task.DoEval, "do_eval is false"),

        new("stop_token_ids", s => s.Sampling.IgnoreEos, "ignore_eos is true"),
        new("stop_strings", s => s.Sampling.IgnoreEos, "ignore_eos is true"),
        new("missing_eos_penalty", s => s.Sampling.IgnoreEos, "ignore_eos is true, so every response counts as finished"),
        new("compute_kernel", s => !s.Sampling.UseFusemt, "use_fusemt is false"),

        new("min_learning_rate", s => !HasFloor(s.Optimizer.LrSchedulerType), "only the schedules linear and cosine have a floor"),
        new("critic_min_learning_rate", s => !HasFloor(s.Optimizer.CriticLrSchedulerType), "only the schedules linear and cosine have a floor"),
        new("warmup_ratio", s => s.Optimizer.WarmupSteps > 0, "warmup_steps wins over it"),
        new("warmup_ratio", s => !Warms(s.Optimizer.LrSchedulerType) && !CriticFollowsWarmup(s), "the schedule constant has no warm-up"),
        new("critic_warmup_ratio", s => s.Optimizer.WarmupSteps > 0, "warmup_steps wins over it"),
        new("critic_warmup_ratio", s => !Warms(s.Optimizer.CriticLrSchedulerType), "the schedule constant has no warm-up"),
        new("warmup_steps", s => !Warms(s.Optimizer.LrSchedulerType) && !Warms(s.Optimizer.CriticLrSchedulerType), "the schedule constant has no warm-up"),
        new("decay_steps", s => !Decays(s.Optimizer.LrSchedulerType), "a constant schedule does not decay"),
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

        new("num_train_epochs", s => s.Run.MaxSteps > 0, "max_steps wins over it"),
        new("evaluation_strategy", s => !EvaluatesInTraining(s), "training is not evaluated: do_train and do_eval are not both true"),
        new("eval_at_start", s => !EvaluatesInTraining(s), "training is not evaluated: do_train and do_eval are not both true"),
        new("eval_steps", s => !EvaluatesInTraining(s), "training is not evaluated: do_train and do_eval are not both true"),
        new("eval_steps", s => s.Run.EvaluationStrategy != IntervalStrategy.Steps, "evaluation_strategy is not steps"),
        new("max_evaluate_steps", s => !s.Task.DoEval, "do_eval is false"),
        new("eval_num_return_sequences", s => !s.Task.DoEval, "do_eval is false"),
        new("eval_seed", s => !s.Task.DoEval, "do_eval is false"),
        new("save_steps", s => s.Run.SaveStrategy != IntervalStrategy.Steps, "save_strategy is not steps"),
        new("save_total_limit", s => s.Run.SaveStrategy == IntervalStrategy.No, "save_strategy is no"),
        new("metric_for_best_model", s => !ComparesModels(s), "neither load_best_model_at_end nor early_stopping_patience is set"),
        new("stop_after_minutes", s => !s.Task.DoTrain, "do_train is false"),
        new("log_samples_per_step", s => !s.Task.DoTrain, "do_train is false"),
        new("logging_dir", s => s.Run.ReportTo == ReportTarget.None, "report_to is none"),

        new("fp16_opt_level", s => !s.Machine.Fp16 && !s.Machine.Bf16, "neither fp16 nor bf16 is true"),
        new("recompute_granularity", s => !s.Machine.Recompute, "recompute is false"),
        new("critic_recompute_granularity", s => !(s.Machine.CriticRecompute ?? s.Machine.Recompute), "critic_recompute is false"),
        new("sharding_parallel_degree", s => s.Machine.Sharding == Sharding.None, "sharding is off"),
    ];

    /// <summary>The options that have no effect under these settings, each once, with the first reason.</summary>
    public static IReadOnlyList<InactiveOption> Of(PpoCommandSettings settings) =>
        [.. Table.Where(option => option.IsInactive(settings)).DistinctBy(option => option.Key)];

    private static bool HasFloor(SchedulerType schedule) => schedule is SchedulerType.Linear or SchedulerType.Cosine;

    private static bool Warms(SchedulerType schedule) => schedule != SchedulerType.Constant;

    private static bool Decays(SchedulerType schedule) => schedule is not (SchedulerType.Constant or SchedulerType.ConstantWithWarmup);

    private static bool CriticFollowsWarmup(PpoCommandSettings settings) =>
        settings.Optimizer.CriticWarmupRatio is null && Warms(settings.Optimizer.CriticLrSchedulerType);

    private static bool UsesFunction(PpoCommandSettings settings, string function) =>
        RewardFunctionMix.Names(settings.Reward.RewardFunction, function)
        || (settings.Task.DoEval && RewardFunctionMix.Names(settings.Reward.EvalRewardFunction, function));

    private static bool EvaluatesInTraining(PpoCommandSettings settings) => settings.Task.DoTrain && settings.Task.DoEval;

    private static bool ComparesModels(PpoCommandSettings settings) =>
        settings.Run.LoadBestModelAtEnd || settings.Run.EarlyStoppingPatience is not null;
}
