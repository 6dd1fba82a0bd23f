using Proxima.Core.Settings;
using static TorchSharp.torch;

namespace Proxima.Models.Layers;

/// <summary>What all layers share in one forward pass; computed once, owned by its scope.</summary>
/// <param name="B">rows</param>
/// <param name="T">new tokens a row</param>
/// <param name="Tables">of rotary positions; null where places enter otherwise</param>
/// <param name="Masks">one for each window that the layers have</param>
/// <param name="Cache">earlier tokens; null: none</param>
/// <param name="Kernel">how attention is computed</param>
/// <param name="Precision">types</param>
/// <param name="Recompute">what the backward pass computes again; null: nothing</param>
internal sealed record ForwardPass(
    long B,
    long T,
    RotationTables? Tables,
    IReadOnlyList<WindowMask> Masks,
    KeyValueCache? Cache,
    AttentionKernel Kernel,
    Precision Precision,
    RecomputeGranularity? Recompute)
{
    /// <summary>Its tensors, so that a backward pass can keep them for <see cref="With"/>.</summary>
    public IReadOnlyList<Tensor> Tensors => [.. Tables?.Tensors ?? [], .. Masks.Select(mask => mask.Additive).OfType<Tensor>()];

    /// <summary>The mask for a window.</summary>
    public WindowMask MaskOf(int? window) => Masks.First(mask => mask.Window == window);

    /// <summary>The same pass on other handles of its tensors.</summary>
    /// <param name="tensors">in the order of <see cref="Tensors"/></param>
    public ForwardPass With(IReadOnlyList<Tensor> tensors)
    {
        int next = Tables?.Tensors.Count ?? 0;
        return this with
        {
            Tables = Tables?.With(tensors),
            Masks = [.. Masks.Select(mask => mask.Additive is null ? mask : mask with { Additive = tensors[next++] })],
        };
    }
}
