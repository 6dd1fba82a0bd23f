namespace Proxima.Training.Optimization;

/// <summary>What one optimizer step did.</summary>
/// <param name="GradientNorm">global norm before clipping; null: a gradient overflowed, the loss scale was halved and no step was taken</param>
/// <param name="Rate">learning rate used</param>
/// <param name="Skipped">why the step was skipped; null when it was taken, or only the loss scale was halved</param>
public sealed record OptimizerStep(double? GradientNorm, double Rate, string? Skipped);
