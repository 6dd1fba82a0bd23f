using Proxima.Core.Display;

namespace Proxima.Training.Planning;

/// <summary>Something that takes memory, in some phases of a step.</summary>
/// <param name="Name">what it is</param>
/// <param name="Bytes">by phase; a phase that is left out has none of it</param>
public sealed record MemoryItem(string Name, IReadOnlyDictionary<RunPhase, double> Bytes)
{
    /// <summary>Bytes in a phase.</summary>
    public double In(RunPhase phase) => Bytes.GetValueOrDefault(phase);
}
