namespace Proxima.Models.Weights;

/// <summary>The name of something of Python, such as collections.OrderedDict.</summary>
internal sealed record PickleName(string Name);
