namespace Proxima.Data.Tasks;

/// <summary>The place of a <see cref="TaskMixer"/> in its sequence: what a checkpoint keeps of it.</summary>
public sealed record TaskMixerState
{
    /// <summary>How many examples were drawn from each source.</summary>
    public required IReadOnlyList<long> SourceDraws { get; init; }

    /// <summary>How many examples each source had, to notice that the data have changed.</summary>
    public required IReadOnlyList<int> SourceLines { get; init; }
}
