using Proxima.Core.Settings;

namespace Proxima.Core.Ppo;

/// <summary>The rows about inactive options that all commands that train share.</summary>
internal static class CommonInactiveOptions
{
    public static IReadOnlyList<InactiveOption<TRoot>> Rows<TRoot>()
        where TRoot : ITrainingSettings =>
    [
        new("min_learning_rate", s => !HasFloor(s.Optimizer.LrSchedulerType), "only the schedules linear and cosine have a floor"),
        new("warmup_ratio", s => s.Optimizer.WarmupSteps > 0, "warmup_steps wins over it"),
        new("decay_steps", s => !Decays(s.Optimizer.LrSchedulerType), "a constant schedule does not decay"),

        new("num_train_epochs", s => s.Run.MaxSteps > 0, "max_steps wins over it"),
        new("save_steps", s => s.Run.SaveStrategy != IntervalStrategy.Steps, "save_strategy is not steps"),
        new("save_total_limit", s => s.Run.SaveStrategy == IntervalStrategy.No, "save_strategy is no"),
        new("async_save", s => s.Run.SaveStrategy == IntervalStrategy.No, "save_strategy is no"),
        new("metric_for_best_model", s => !ComparesModels(s.Run), "neither load_best_model_at_end nor early_stopping_patience is set"),
        new("logging_dir", s => s.Run.ReportTo == ReportTarget.None, "report_to is none"),

        new("fp16_opt_level", s => !s.Machine.Fp16 && !s.Machine.Bf16, "neither fp16 nor bf16 is true"),
        new("recompute_granularity", s => !s.Machine.Recompute, "recompute is false"),
        new("sharding_parallel_degree", s => s.Machine.Sharding == Sharding.None, "sharding is off"),
    ];

    public static bool HasFloor(SchedulerType schedule) => schedule is SchedulerType.Linear or SchedulerType.Cosine;

    public static bool Warms(SchedulerType schedule) => schedule != SchedulerType.Constant;

    public static bool Decays(SchedulerType schedule) => schedule is not (SchedulerType.Constant or SchedulerType.ConstantWithWarmup);

    public static bool ComparesModels(RunSettings run) => run.LoadBestModelAtEnd || run.EarlyStoppingPatience is not null;
}
