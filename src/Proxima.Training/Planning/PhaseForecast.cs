using Proxima.Core.Display;

namespace Proxima.Training.Planning;

/// <summary>What a phase takes, on one rank.</summary>
/// <param name="Phase">of a step, or an evaluation</param>
/// <param name="Seconds">time</param>
/// <param name="Flops">operations that it cannot do without</param>
public sealed record PhaseForecast(RunPhase Phase, double Seconds, double Flops);
