namespace Proxima.Core.Settings;

/// <summary>Every argument of the command <c>compare</c>, in the groups that <c>--help</c> shows.</summary>
public sealed record CompareCommandSettings
{
    public CompareSettings Compare { get; init; } = new();

    [Without("model_name_or_path")]
    public AnsweringSettings Answering { get; init; } = new();

    [Without("compare_model_name_or_path", "examples", "output_file")]
    public EvalSettings Eval { get; init; } = new();

    public SamplingSettings Sampling { get; init; } = new();

    public RewardSettings Reward { get; init; } = new();
}
