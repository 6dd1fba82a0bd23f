using static TorchSharp.torch;

namespace Proxima.Models.Layers;

/// <summary>Types of one forward pass.</summary>
/// <param name="Products">of the operands of matrix products</param>
/// <param name="Stream">of the hidden states between the blocks</param>
/// <param name="RoundsWeights">whether weights are rounded to bfloat16 before they enter products</param>
internal readonly record struct Precision(ScalarType Products, ScalarType Stream, bool RoundsWeights)
{
    /// <summary>The types that options give a model.</summary>
    public static Precision Of(ComputeOptions options, ScalarType weights) =>
        new(options.Products ?? weights, options.Stream ?? weights, options.RoundsWeights);

    /// <summary>A weight as an operand of a product.</summary>
    public Tensor Operand(Tensor weight)
    {
        var rounded = RoundsWeights && weight.dtype != ScalarType.BFloat16 ? weight.to_type(ScalarType.BFloat16) : weight;
        return rounded.dtype == Products ? rounded : rounded.to_type(Products);
    }
}
