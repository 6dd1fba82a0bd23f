namespace Proxima.Models.Weights;

/// <summary>A weight that a model needs.</summary>
internal sealed record ParameterSpec(string Name, IReadOnlyList<long> Shape);
