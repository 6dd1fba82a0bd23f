namespace Proxima.Core.Settings;

/// <summary>Every argument of the command <c>eval</c>, in the groups that <c>--help</c> shows.</summary>
public sealed record EvalCommandSettings
{
    public AnsweringSettings Answering { get; init; } = new();

    public EvalSettings Eval { get; init; } = new();

    public SamplingSettings Sampling { get; init; } = new();

    public RewardSettings Reward { get; init; } = new();
}
