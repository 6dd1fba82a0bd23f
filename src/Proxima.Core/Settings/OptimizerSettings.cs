namespace Proxima.Core.Settings;

/// <summary>AdamW for actor and critic, each with its own schedule.</summary>
[ArgumentGroup("Optimizers and schedules")]
public sealed record OptimizerSettings
{
    [Argument("peak rate of the actor")]
    public double LearningRate { get; init; } = 5e-5;

    [Argument("floor of the actor's schedule")]
    public double? MinLearningRate { get; init; }

    [Argument("peak rate of the critic; default: the actor's")]
    public double? CriticLearningRate { get; init; }

    [Argument("floor of the critic's schedule")]
    public double? CriticMinLearningRate { get; init; }

    [Argument("schedule of the actor")]
    public SchedulerType LrSchedulerType { get; init; } = SchedulerType.Linear;

    [Argument("schedule of the critic")]
    public SchedulerType CriticLrSchedulerType { get; init; } = SchedulerType.Linear;

    [Argument("share of all optimizer steps with linear warm-up")]
    public double WarmupRatio { get; init; } = 0.0;

    [Argument("the same for the critic; default: the actor's")]
    public double? CriticWarmupRatio { get; init; }

    [Argument("optimizer steps of warm-up; above 0 it wins over the ratios")]
    public int WarmupSteps { get; init; } = 0;

    [Argument("optimizer step at which the actor's floor is reached; default: all")]
    public int? DecaySteps { get; init; }

    [Argument("optimizer step at which the critic's floor is reached; default: all")]
    public int? CriticDecaySteps { get; init; }

    [Argument("decay of the actor, not on biases and norm weights")]
    public double WeightDecay { get; init; } = 0.0;

    [Argument("decay of the critic, not on biases and norm weights")]
    public double CriticWeightDecay { get; init; } = 0.0;

    [Argument("decay rate of the first moment")]
    public double AdamBeta1 { get; init; } = 0.9;

    [Argument("decay rate of the second moment")]
    public double AdamBeta2 { get; init; } = 0.999;

    [Argument("added to the root of the second moment")]
    public double AdamEpsilon { get; init; } = 1e-8;

    [Argument("global-norm clip of each model")]
    public double MaxGradNorm { get; init; } = 1.0;
}
