namespace Proxima.Training.Planning;

/// <summary>A step of PPO on some number of ranks, each with a batch of the same size.</summary>
/// <param name="Ranks">how many</param>
/// <param name="SendSeconds">time of the sending</param>
/// <param name="StepSeconds">time of the step, the sending included</param>
/// <param name="SequencesPerSecond">of all ranks</param>
/// <param name="Efficiency">speed, as a part of that many times the speed of one rank</param>
public sealed record ScalingRow(int Ranks, double SendSeconds, double StepSeconds, double SequencesPerSecond, double Efficiency);
