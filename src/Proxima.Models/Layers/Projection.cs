using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Models.Layers;

/// <summary>A matrix product with an optional bias.</summary>
internal sealed class Projection(Parameter weight, Parameter? bias, MatrixLayout layout)
{
    /// <param name="x">[…, in]</param>
    /// <returns>[…, out]</returns>
    public Tensor Forward(Tensor x)
    {
        if (layout == MatrixLayout.OutputInput)
        {
            return nn.functional.linear(x, weight, bias);
        }

        var product = x.matmul(weight);
        return bias is null ? product : product.add(bias);
    }
}
