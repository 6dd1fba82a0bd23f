namespace Proxima.Text.Patterns;

/// <summary>
/// One instruction. Split: try <paramref name="First"/>, then <paramref name="Second"/>.
/// Character and look-ahead: the set of index <paramref name="First"/>, going on at <paramref name="Second"/>.
/// </summary>
internal readonly record struct PatternInstruction(PatternOperation Operation, int First, int Second);
