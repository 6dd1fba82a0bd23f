namespace Proxima.Training.Optimization;

/// <summary>What one optimizer step did.</summary>
/// <param name="GradientNorm">global norm before clipping</param>
/// <param name="Rate">learning rate used</param>
/// <param name="Skipped">why the step was skipped; null when it was taken</param>
public sealed record OptimizerStep(double GradientNorm, double Rate, string? Skipped);
