namespace Proxima.Core.Settings;

/// <summary>AdamW and its schedule; in ppo, one for the actor and one for the critic.</summary>
[ArgumentGroup("Optimizers and schedules")]
public sealed record OptimizerSettings
{
    [Argument("peak rate")]
    [Bounds(AtLeast = 0)]
    public double LearningRate { get; init; } = 5e-5;

    [Argument("floor of the schedule (linear and cosine)")]
    [Bounds(AtLeast = 0)]
    public double? MinLearningRate { get; init; }

    [Argument("the same for the critic", Default = "the actor's")]
    [Bounds(AtLeast = 0)]
    public double? CriticLearningRate { get; init; }

    [Argument("floor of the critic's schedule (linear and cosine)")]
    [Bounds(AtLeast = 0)]
    public double? CriticMinLearningRate { get; init; }

    [Argument("schedule")]
    public SchedulerType LrSchedulerType { get; init; } = SchedulerType.Linear;

    [Argument("schedule of the critic")]
    public SchedulerType CriticLrSchedulerType { get; init; } = SchedulerType.Linear;

    [Argument("share of all optimizer steps with linear warm-up")]
    [Bounds(AtLeast = 0, AtMost = 1)]
    public double WarmupRatio { get; init; } = 0.0;

    [Argument("the same for the critic", Default = "the actor's")]
    [Bounds(AtLeast = 0, AtMost = 1)]
    public double? CriticWarmupRatio { get; init; }

    [Argument("optimizer steps of warm-up; above 0 it wins over the ratio")]
    [Bounds(AtLeast = 0)]
    public int WarmupSteps { get; init; } = 0;

    [Argument("optimizer step at which the schedule reaches its floor", Default = "all optimizer steps")]
    [Bounds(AtLeast = 1)]
    public int? DecaySteps { get; init; }

    [Argument("optimizer step at which the critic's schedule reaches its floor", Default = "all optimizer steps")]
    [Bounds(AtLeast = 1)]
    public int? CriticDecaySteps { get; init; }

    [Argument("decay, not on biases and norm weights")]
    [Bounds(AtLeast = 0)]
    public double WeightDecay { get; init; } = 0.0;

    [Argument("decay of the critic, not on biases and norm weights")]
    [Bounds(AtLeast = 0)]
    public double CriticWeightDecay { get; init; } = 0.0;

    [Argument("decay rate of the first moment")]
    [Bounds(AtLeast = 0, Below = 1)]
    public double AdamBeta1 { get; init; } = 0.9;

    [Argument("decay rate of the second moment")]
    [Bounds(AtLeast = 0, Below = 1)]
    public double AdamBeta2 { get; init; } = 0.999;

    [Argument("added to the root of the second moment")]
    [Bounds(Above = 0)]
    public double AdamEpsilon { get; init; } = 1e-8;

    [Argument("global-norm clip of a model's gradient")]
    [Bounds(Above = 0)]
    public double MaxGradNorm { get; init; } = 1.0;
}
