namespace Proxima.Models.Weights;

/// <summary>One weight file.</summary>
/// <param name="Name">without its folder</param>
/// <param name="Header">what it holds</param>
/// <param name="Parameters">names in the file → names of the model's parameters</param>
internal sealed record CheckpointFile(string Name, SafetensorsHeader Header, IReadOnlyDictionary<string, string> Parameters);
