namespace Proxima.Core.Runs;

/// <summary>A model folder as it was read.</summary>
/// <param name="Path">path as it was given</param>
/// <param name="Files">name → SHA-256</param>
public sealed record RecordedFolder(string Path, IReadOnlyDictionary<string, string> Files);
