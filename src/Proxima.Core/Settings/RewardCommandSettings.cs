using Proxima.Core.Metrics;

namespace Proxima.Core.Settings;

/// <summary>Every argument of the command <c>reward</c>, in the groups that <c>--help</c> shows.</summary>
public sealed record RewardCommandSettings : IStageSettings
{
    public StageDataSettings Data { get; init; } = new();

    [Without("init_from_config")]
    public StageModelSettings Model { get; init; } = new();

    public RewardModelSettings Reward { get; init; } = new();

    [Without("critic_*")]
    public OptimizerSettings Optimizer { get; init; } = new();

    [Without("per_device_prompt_batch_size")]
    public BatchSettings Batch { get; init; } = new() { GradientAccumulationSteps = 1 };

    [Without("eval_num_return_sequences", "eval_seed", "log_samples_per_step")]
    public RunSettings Run { get; init; } = new() { MetricForBestModel = MetricNames.EvalAccuracy };

    [Without("compute_kernel", "offload", "critic_*")]
    public MachineSettings Machine { get; init; } = new();
}
