using Proxima.Training.Optimization;

namespace Proxima.Training.Checkpoints;

/// <summary>Counters of one optimizer.</summary>
/// <param name="Steps">optimizer steps taken</param>
/// <param name="SkipsInARow">optimizer steps skipped one after the other up to now</param>
/// <param name="LossScale">of a float16 run; null: losses are not scaled</param>
public sealed record OptimizerState(long Steps, int SkipsInARow, LossScaleState? LossScale = null);
