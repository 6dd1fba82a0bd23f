using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Models.Layers;

/// <summary>Norm over the last dimension, in float32 whatever the type of the input.</summary>
internal sealed class Norm(Parameter weight, Parameter? bias, NormKind kind, double epsilon)
{
    private static readonly long[] LastDimension = [-1];
    private readonly long[] _shape = weight.shape;

    /// <param name="x">[…, C]</param>
    /// <returns>[…, C] in the type of x</returns>
    public Tensor Forward(Tensor x)
    {
        if (kind == NormKind.Layer)
        {
            return nn.functional.layer_norm(x, _shape, weight.to_type(x.dtype), bias?.to_type(x.dtype), epsilon);
        }

        if (x.dtype == ScalarType.Float32)
        {
            var normed = Normalize(x);
            return kind == NormKind.RmsOnePlusWeight ? normed.mul(weight.add(1)) : normed.mul(weight);
        }

        // float32: a mean of squares loses too much in 16 bit. Where the rounding falls differs by family, as in transformers.
        var wide = Normalize(x.to_type(ScalarType.Float32));
        return kind == NormKind.RmsOnePlusWeight
            ? wide.mul(weight.to_type(ScalarType.Float32).add(1)).to_type(x.dtype)
            : wide.to_type(x.dtype).mul(weight);
    }

    private Tensor Normalize(Tensor x) => x.mul(x.mul(x).mean(LastDimension, keepdim: true).add_(epsilon).rsqrt_());
}
