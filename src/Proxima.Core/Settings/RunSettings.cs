namespace Proxima.Core.Settings;

/// <summary>Steps, saving, evaluation, logging.</summary>
[ArgumentGroup("Run")]
public sealed record RunSettings
{
    [Argument("folder of the run; one that holds a run already is an error", Default = "required")]
    public string? OutputDir { get; init; }

    [Argument("replace the run in output_dir: what it wrote is removed, nothing else")]
    public bool OverwriteOutputDir { get; init; }

    [Argument("go on from a checkpoint folder, or from the newest whole one (auto)")]
    public string? ResumeFromCheckpoint { get; init; }

    [Argument("seed of data order and sampling")]
    [Bounds(AtLeast = 0)]
    public long Seed { get; init; } = 42;

    [Argument("steps; above 0 it wins over num_train_epochs")]
    [Bounds(AtLeast = -1)]
    public int MaxSteps { get; init; } = -1;

    [Argument("passes over the training data")]
    [Bounds(Above = 0, AtMost = 1e6)]
    public double NumTrainEpochs { get; init; } = 1.0;

    [Argument("when to evaluate")]
    public IntervalStrategy EvaluationStrategy { get; init; } = IntervalStrategy.Steps;

    [Argument("steps between evaluations")]
    [Bounds(AtLeast = 1)]
    public int EvalSteps { get; init; } = 500;

    [Argument("batches of one evaluation at most; -1: all")]
    [Bounds(AtLeast = 1, Or = -1)]
    public int MaxEvaluateSteps { get; init; } = -1;

    [Argument("evaluate before the first step")]
    public bool EvalAtStart { get; init; } = true;

    [Argument("responses for each evaluation prompt")]
    [Bounds(AtLeast = 1)]
    public int EvalNumReturnSequences { get; init; } = 1;

    [Argument("seed of the evaluation samples")]
    [Bounds(AtLeast = 0)]
    public long EvalSeed { get; init; } = 5;

    [Argument("when to save")]
    public IntervalStrategy SaveStrategy { get; init; } = IntervalStrategy.Steps;

    [Argument("steps between checkpoints")]
    [Bounds(AtLeast = 1)]
    public int SaveSteps { get; init; } = 500;

    [Argument("checkpoints to keep", Default = "all")]
    [Bounds(AtLeast = 1)]
    public int? SaveTotalLimit { get; init; }

    [Argument("end with the weights of the best evaluation")]
    public bool LoadBestModelAtEnd { get; init; }

    [Argument("metric of the best model; greater is better, but for eval/loss")]
    public string MetricForBestModel { get; init; } = "eval/reward_mean";

    [Argument("evaluations without a better metric before the run ends", Default = "off")]
    [Bounds(AtLeast = 1)]
    public int? EarlyStoppingPatience { get; init; }

    [Argument("save at the next boundary between two steps and stop, with exit code 0, so many minutes after the start", Default = "off")]
    [Bounds(Above = 0, AtMost = 50000)]
    public double? StopAfterMinutes { get; init; }

    [Argument("steps between log lines")]
    [Bounds(AtLeast = 1)]
    public int LoggingSteps { get; init; } = 1;

    [Argument("where metrics go besides metrics.jsonl")]
    public ReportTarget ReportTo { get; init; } = ReportTarget.Tensorboard;

    [Argument("folder of the TensorBoard events", Default = "output_dir/runs")]
    public string? LoggingDir { get; init; }

    [Argument("samples kept of each step")]
    [Bounds(AtLeast = 0)]
    public int LogSamplesPerStep { get; init; } = 8;

    [Argument("serve the dashboard beside the run, for this machine, at a free port; its address is printed")]
    public bool Dashboard { get; init; }

    [Argument("print details that are otherwise left out")]
    public bool Verbose { get; init; }

    [Argument("copy what a checkpoint holds, 12 bytes a trained weight, and write it while the next steps run")]
    public bool AsyncSave { get; init; }

    /// <summary>Steps of num_train_epochs, rounded up; in decimal, so that 1.1 epochs of 10 steps are 11 and not 12.</summary>
    /// <exception cref="ProximaException">they are too many</exception>
    internal int StepsOfEpochs(int stepsPerEpoch)
    {
        decimal steps = Math.Max(1, Math.Ceiling((decimal)NumTrainEpochs * stepsPerEpoch));
        return steps <= int.MaxValue
            ? (int)steps
            : throw new ProximaException(
                ExitCode.Usage, $"num_train_epochs = {NumTrainEpochs}: expected at most {int.MaxValue} steps, these are {steps}. Lower it, or give max_steps.");
    }
}
