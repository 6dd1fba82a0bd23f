using static TorchSharp.torch;

namespace Proxima.Numerics;

/// <summary>The output projection of a language model.</summary>
/// <param name="Weight">[V, C]; its gradient is added to when there is one</param>
/// <param name="Operand">turns the weight into an operand of products</param>
/// <param name="SoftCap">cap in cap · tanh(logit / cap); null: none</param>
public sealed record VocabularyHead(Tensor Weight, Func<Tensor, Tensor> Operand, double? SoftCap)
{
    /// <summary>A head that multiplies by the weight itself.</summary>
    public VocabularyHead(Tensor weight)
        : this(weight, matrix => matrix, SoftCap: null)
    {
    }

    /// <summary>V.</summary>
    public long VocabularySize => Weight.shape[0];
}
