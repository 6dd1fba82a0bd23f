using Proxima.Core.Ppo;
using Proxima.Core.Settings;

namespace Proxima.Core.Stages;

/// <summary>Which options of the stages before PPO belong to a feature, and when that is off.</summary>
internal static class StageInactiveOptions
{
    private const string NoEvaluation = "eval_task_config is not given";

    /// <summary>The options that have no effect under these settings, each once, with the first reason.</summary>
    public static IReadOnlyList<InactiveOption<TRoot>> Of<TRoot>(TRoot settings)
        where TRoot : IStageSettings
    {
        InactiveOption<TRoot>[] own =
        [
            new("evaluation_strategy", s => s.Data.EvalTaskConfig is null, NoEvaluation),
            new("eval_at_start", s => s.Data.EvalTaskConfig is null, NoEvaluation),
            new("eval_steps", s => s.Data.EvalTaskConfig is null, NoEvaluation),
            new("eval_steps", s => s.Run.EvaluationStrategy != IntervalStrategy.Steps, "evaluation_strategy is not steps"),
            new("max_evaluate_steps", s => s.Data.EvalTaskConfig is null, NoEvaluation),
            new("per_device_eval_batch_size", s => s.Data.EvalTaskConfig is null, NoEvaluation),
            new("warmup_ratio", s => !CommonInactiveOptions.Warms(s.Optimizer.LrSchedulerType), "the schedule constant has no warm-up"),
            new("warmup_steps", s => !CommonInactiveOptions.Warms(s.Optimizer.LrSchedulerType), "the schedule constant has no warm-up"),
        ];
        return [.. own.Concat(CommonInactiveOptions.Rows<TRoot>()).Where(option => option.IsInactive(settings)).DistinctBy(option => option.Key)];
    }
}
