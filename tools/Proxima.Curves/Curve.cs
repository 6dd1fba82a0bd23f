namespace Proxima.Curves;

/// <summary>A metric over steps.</summary>
/// <param name="Label">name in the legend; curves of one label share a colour and one legend entry</param>
/// <param name="IsReference">recorded from another trainer: drawn dashed</param>
/// <param name="Points">step and value</param>
internal sealed record Curve(string Label, bool IsReference, IReadOnlyList<(double Step, double Value)> Points);
