namespace Proxima.Models.Layers;

/// <summary>How attention is computed.</summary>
internal enum AttentionKernel
{
    /// <summary>By matrix products and a softmax, which holds all scores: fastest for short texts.</summary>
    Products,

    /// <summary>By the fused kernel, which never holds them.</summary>
    Fused,
}
