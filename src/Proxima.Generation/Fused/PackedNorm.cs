using System.Numerics.Tensors;
using Proxima.Models;
using Tensor = TorchSharp.torch.Tensor;

namespace Proxima.Generation.Fused;

/// <summary>A norm with its weights ready to multiply.</summary>
internal sealed class PackedNorm
{
    private readonly Tensor _weight;
    private readonly Tensor? _biasTensor;
    private readonly NormKind _kind;
    private readonly float _epsilon;
    private readonly int[] _order;
    private float[] _scale = [];
    private float[]? _bias;

    /// <param name="weight">[C]</param>
    /// <param name="bias">[C]; null: none</param>
    /// <param name="traits">of the family</param>
    /// <param name="order">which weight each place takes</param>
    public PackedNorm(Tensor weight, Tensor? bias, DecoderTraits traits, int[] order)
    {
        _weight = weight;
        _biasTensor = bias;
        _kind = traits.Norm;
        _epsilon = (float)traits.NormEpsilon;
        _order = order;
    }

    /// <summary>Takes over the model's numbers.</summary>
    public void Refresh()
    {
        float[] weight = HostTensor.Read(_weight);
        float one = _kind == NormKind.RmsOnePlusWeight ? 1 : 0;
        _scale = [.. _order.Select(i => one + weight[i])];
        _bias = _biasTensor is null ? null : HostTensor.Read(_biasTensor);
    }

    /// <summary>Norms one row.</summary>
    /// <param name="x">[C]</param>
    /// <param name="normed">[C]; may be x itself</param>
    public void Apply(ReadOnlySpan<float> x, Span<float> normed)
    {
        if (_kind == NormKind.Layer)
        {
            TensorPrimitives.Subtract(x, TensorPrimitives.Sum(x) / x.Length, normed);
            x = normed;
        }

        float meanSquare = TensorPrimitives.SumOfSquares(x) / x.Length;
        TensorPrimitives.Multiply(x, 1 / MathF.Sqrt(meanSquare + _epsilon), normed);
        TensorPrimitives.Multiply(normed, _scale, normed);
        if (_bias is not null)
        {
            TensorPrimitives.Add(normed, _bias, normed);
        }
    }
}
