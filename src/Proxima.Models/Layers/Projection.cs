using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Models.Layers;

/// <summary>A matrix product with an optional bias.</summary>
internal sealed class Projection(Parameter weight, Parameter? bias, MatrixLayout layout)
{
    /// <param name="x">[…, in] in the type of products</param>
    /// <param name="precision">of the pass</param>
    /// <returns>[…, out] in the type of products</returns>
    public Tensor Forward(Tensor x, Precision precision)
    {
        var matrix = precision.Operand(weight);
        var shift = bias is null ? null : precision.Operand(bias);
        if (layout == MatrixLayout.OutputInput)
        {
            return nn.functional.linear(x, matrix, shift);
        }

        var product = x.matmul(matrix);
        return shift is null ? product : product.add(shift);
    }
}
