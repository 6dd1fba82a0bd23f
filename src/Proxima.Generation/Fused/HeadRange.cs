namespace Proxima.Generation.Fused;

/// <summary>Some key heads of a layer, one after the other.</summary>
/// <param name="Layer">number of the layer</param>
/// <param name="First">the first key head</param>
/// <param name="Count">how many</param>
internal readonly record struct HeadRange(int Layer, int First, int Count);
