namespace Proxima.Training.Optimization;

/// <summary>What a checkpoint keeps of a <see cref="LossScale"/>.</summary>
/// <param name="Value">what losses are multiplied by</param>
/// <param name="Steps">optimizer steps since it last changed</param>
public sealed record LossScaleState(double Value, int Steps);
