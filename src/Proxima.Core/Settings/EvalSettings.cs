namespace Proxima.Core.Settings;

/// <summary>What <c>eval</c> measures.</summary>
[ArgumentGroup("Evaluation")]
public sealed record EvalSettings
{
    [Argument("task file with the prompts", Default = "required")]
    public string? EvalTaskConfig { get; init; }

    [Argument("a second model that answers the same prompts: how often the first one wins")]
    public string? CompareModelNameOrPath { get; init; }

    [Argument("folder of the reward model. Exactly one of it, reward_server and reward_function is required")]
    public string? RewardModelNameOrPath { get; init; }

    [Argument("batches of prompts at most; -1: all")]
    [Bounds(AtLeast = 1, Or = -1)]
    public int MaxEvaluateSteps { get; init; } = -1;

    [Argument("seed of the samples, the same for both models")]
    [Bounds(AtLeast = 0)]
    public long EvalSeed { get; init; } = 5;

    [Argument("examples that are printed")]
    [Bounds(AtLeast = 0)]
    public int Examples { get; init; } = 4;

    [Argument("JSON file for the numbers and every answer")]
    public string? OutputFile { get; init; }
}
