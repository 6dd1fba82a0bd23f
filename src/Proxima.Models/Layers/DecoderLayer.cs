using Proxima.Core.Settings;
using static TorchSharp.torch;

namespace Proxima.Models.Layers;

/// <summary>One block: x + attention(norm(x)), then x + feedForward(norm(x)).</summary>
internal sealed class DecoderLayer
{
    private readonly Norm _attentionNorm;
    private readonly Attention _attention;
    private readonly Norm? _attentionResultNorm;
    private readonly Norm _feedForwardNorm;
    private readonly FeedForward _feedForward;
    private readonly Norm? _feedForwardResultNorm;

    /// <param name="config">of the model</param>
    /// <param name="weights">of the model</param>
    /// <param name="layer">number of the layer</param>
    public DecoderLayer(ModelConfig config, ParameterSet weights, int layer)
    {
        DecoderTraits traits = config.Traits;
        DecoderNames names = traits.Names;
        string prefix = names.Layer(layer);
        _attentionNorm = weights.Norm($"{prefix}.{names.AttentionNorm}", traits);
        _attention = new(config, weights, layer);
        _feedForwardNorm = weights.Norm($"{prefix}.{names.FeedForwardNorm}", traits);
        _feedForward = new(traits, weights, prefix);
        if (traits.ResultNorms)
        {
            _attentionResultNorm = weights.Norm($"{prefix}.{names.AttentionResultNorm}", traits);
            _feedForwardResultNorm = weights.Norm($"{prefix}.{names.FeedForwardResultNorm}", traits);
        }
    }

    /// <param name="x">[B, T, C]</param>
    /// <param name="pass">what the layers share</param>
    /// <returns>[B, T, C]</returns>
    public Tensor Forward(Tensor x, ForwardPass pass) => pass.Recompute == RecomputeGranularity.Full
        ? Recomputation.Run((inputs, again) => Compute(inputs[0], again), pass, x)
        : Compute(x, pass);

    private Tensor Compute(Tensor x, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        var attended = Attend(_attentionNorm.Forward(x).to_type(pass.Precision.Products), pass);
        x = x.add(_attentionResultNorm?.Forward(attended) ?? attended);
        var fed = _feedForward.Forward(_feedForwardNorm.Forward(x).to_type(pass.Precision.Products), pass.Precision);
        return x.add(_feedForwardResultNorm?.Forward(fed) ?? fed).MoveToOuterDisposeScope();
    }

    private Tensor Attend(Tensor normed, ForwardPass pass) => pass.Recompute == RecomputeGranularity.FullAttn
        ? Recomputation.Run((inputs, again) => _attention.Forward(inputs[0], again), pass, normed)
        : _attention.Forward(normed, pass);
}
