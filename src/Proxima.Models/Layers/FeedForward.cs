using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Models.Layers;

/// <summary>The feed-forward half of a block.</summary>
internal sealed class FeedForward
{
    private readonly Projection? _gate;
    private readonly Projection _up;
    private readonly Projection _down;
    private readonly Activation _activation;

    /// <param name="traits">of the family</param>
    /// <param name="weights">of the model</param>
    /// <param name="prefix">names within the layer</param>
    public FeedForward(DecoderTraits traits, ParameterSet weights, string prefix)
    {
        DecoderNames names = traits.Names;
        _gate = traits.FeedForward == FeedForwardKind.Gated ? weights.Projection($"{prefix}.{names.Gate}", traits.Layout) : null;
        _up = weights.Projection($"{prefix}.{names.Up}", traits.Layout);
        _down = weights.Projection($"{prefix}.{names.Down}", traits.Layout);
        _activation = traits.Activation;
    }

    /// <param name="x">[B, T, C] in the type of products</param>
    /// <param name="precision">of the pass</param>
    /// <returns>[B, T, C] in the type of products</returns>
    public Tensor Forward(Tensor x, Precision precision)
    {
        var inner = _gate is null
            ? Activate(_up.Forward(x, precision))
            : Activate(_gate.Forward(x, precision)).mul(_up.Forward(x, precision));
        return _down.Forward(inner, precision);
    }

    private Tensor Activate(Tensor x) => _activation switch
    {
        Activation.Silu => nn.functional.silu(x),
        Activation.GeluTanh => x.gelu(GELU.Approximate.tanh),
        _ => throw new InvalidOperationException($"unknown activation {_activation}"),
    };
}
