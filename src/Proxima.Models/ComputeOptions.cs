using Proxima.Core.Settings;
using static TorchSharp.torch;

namespace Proxima.Models;

/// <summary>How a decoder computes. Nothing here changes what it computes, but for rounding.</summary>
public sealed record ComputeOptions
{
    /// <summary>Type of the operands of matrix products; null: that of the weights.</summary>
    public ScalarType? Products { get; init; }

    /// <summary>Type of the hidden states between the blocks; null: that of the weights.</summary>
    public ScalarType? Stream { get; init; }

    /// <summary>Whether weights are rounded to bfloat16 before they enter products of another type.</summary>
    public bool RoundsWeights { get; init; }

    /// <summary>Whether the fused attention kernel is taken at every length.</summary>
    public bool FusedAttention { get; init; }

    /// <summary>What the backward pass computes again instead of keeping it; null: nothing.</summary>
    public RecomputeGranularity? Recompute { get; init; }
}
