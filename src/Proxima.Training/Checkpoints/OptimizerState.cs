namespace Proxima.Training.Checkpoints;

/// <summary>Counters of one optimizer.</summary>
/// <param name="Steps">optimizer steps taken</param>
/// <param name="SkipsInARow">optimizer steps skipped one after the other up to now</param>
public sealed record OptimizerState(long Steps, int SkipsInARow);
