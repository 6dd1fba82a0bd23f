using Proxima.Core.Settings;

namespace Proxima.Training.Planning;

/// <summary>What one kind of sharding takes of each rank, and what a rank sends in a step of PPO.</summary>
/// <param name="Sharding">the kind</param>
/// <param name="PeakBytes">memory of a rank at the highest</param>
/// <param name="BytesSent">bytes that a rank sends in a step</param>
/// <param name="Seconds">time of the sending, if nothing else goes on</param>
public sealed record RankRow(Sharding Sharding, double PeakBytes, double BytesSent, double Seconds);
