namespace Proxima.Models.Layers;

/// <summary>What all layers share in one forward pass; computed once, owned by its scope.</summary>
/// <param name="B">rows</param>
/// <param name="T">new tokens a row</param>
/// <param name="Tables">of rotary positions; null where places enter otherwise</param>
/// <param name="Masks">one for each window that the layers have</param>
/// <param name="Cache">earlier tokens; null: none</param>
/// <param name="Kernel">how attention is computed</param>
internal sealed record ForwardPass(
    long B,
    long T,
    RotationTables? Tables,
    IReadOnlyList<WindowMask> Masks,
    KeyValueCache? Cache,
    AttentionKernel Kernel)
{
    /// <summary>The mask for a window.</summary>
    public WindowMask MaskOf(int? window) => Masks.First(mask => mask.Window == window);
}
