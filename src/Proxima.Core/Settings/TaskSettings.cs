namespace Proxima.Core.Settings;

/// <summary>What is trained and evaluated on.</summary>
[ArgumentGroup("Tasks and data")]
public sealed record TaskSettings
{
    [Argument("task file with the training prompts", Default = "required if do_train")]
    public string? TrainTaskConfig { get; init; }

    [Argument("task file with the evaluation prompts", Default = "required if do_eval")]
    public string? EvalTaskConfig { get; init; }

    [Argument("task file of dialogues for the supervised (ptx) loss beside PPO; \"\" switches it off")]
    public string PtxTaskConfig { get; init; } = "";

    [Argument("train")]
    public bool DoTrain { get; init; }

    [Argument("evaluate: during training by evaluation_strategy, or once when do_train is false")]
    public bool DoEval { get; init; }

    [Argument("skip, count and report bad data lines instead of ending the run")]
    public bool SkipInvalidData { get; init; }
}
