namespace Proxima.Training.Ranks;

/// <summary>How a result travels between ranks.</summary>
/// <typeparam name="T">the result</typeparam>
/// <param name="Write">writes it</param>
/// <param name="Read">reads what that wrote</param>
public sealed record ResultFormat<T>(Action<BinaryWriter, T> Write, Func<BinaryReader, T> Read);
