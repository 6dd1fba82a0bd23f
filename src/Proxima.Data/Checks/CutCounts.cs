namespace Proxima.Data.Checks;

/// <summary>How many lines lose something to be short enough.</summary>
/// <param name="OlderTurns">lines whose older turns are dropped</param>
/// <param name="LastTurns">lines whose last user turn is cut</param>
/// <param name="Replies">lines with a reply that is cut</param>
public sealed record CutCounts(int OlderTurns, int LastTurns, int Replies);
