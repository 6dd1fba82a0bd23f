namespace Proxima.Data.Dialogues;

/// <summary>A line that was left out.</summary>
/// <param name="Origin">where it stands</param>
/// <param name="Reason">what was found, what was expected and what to do</param>
public sealed record SkippedLine(SourceLine Origin, string Reason);
