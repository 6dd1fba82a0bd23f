using Proxima.Models.Layers;
using Proxima.Models.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Models;

/// <summary>
/// Models in memory alone, with random weights: what a model costs does not depend on what it has learnt, so a few layers of a shape
/// tell what all of them take. They cannot be saved.
/// </summary>
public static class ModelSlice
{
    private const double Spread = 0.03;

    /// <summary>The same shape with fewer layers or tokens.</summary>
    /// <param name="config">of the whole model</param>
    /// <param name="layers">first layers that stay; 0: embedding, last norm and head alone</param>
    /// <param name="vocabulary">tokens that stay</param>
    public static ModelConfig Cut(ModelConfig config, int layers, int vocabulary)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config with { LayerCount = Math.Min(layers, config.LayerCount), VocabularySize = Math.Min(vocabulary, config.VocabularySize) };
    }

    /// <summary>A language model.</summary>
    /// <param name="config">its shape</param>
    /// <param name="type">of the weights</param>
    public static CausalLanguageModel Causal(ModelConfig config, ScalarType type)
    {
        ArgumentNullException.ThrowIfNull(config);
        IReadOnlyList<ParameterSpec> specs = DecoderParameters.Of(config);
        Parameter? head = config.TieWordEmbeddings ? null : Draw(config, HeadOf(config), type);
        return new(DecoderOf(config, specs, type), head, Layout(specs));
    }

    /// <summary>A decoder with a score head.</summary>
    /// <param name="config">its shape</param>
    /// <param name="type">of the weights</param>
    public static ScoreModel Score(ModelConfig config, ScalarType type)
    {
        ArgumentNullException.ThrowIfNull(config);
        IReadOnlyList<ParameterSpec> specs = DecoderParameters.Of(config);
        Parameter head = Draw(config, new ParameterSpec(ScoreModel.HeadName, [1, config.HiddenSize]), type);
        return new(DecoderOf(config, specs, type), head, HeadOrigin.Drawn, Layout(specs));
    }

    /// <summary>The output projection, where it is not the embedding.</summary>
    internal static ParameterSpec HeadOf(ModelConfig config) => new(CausalLanguageModel.HeadName, [config.VocabularySize, config.HiddenSize]);

    private static Decoder DecoderOf(ModelConfig config, IReadOnlyList<ParameterSpec> specs, ScalarType type) =>
        new(config, [.. specs.Select(spec => (spec.Name, Draw(config, spec, type)))]);

    private static Parameter Draw(ModelConfig config, ParameterSpec spec, ScalarType type)
    {
        using var noGrad = no_grad();
        bool isBias = spec.Name.EndsWith(".bias", StringComparison.Ordinal);
        bool isNorm = spec.Shape.Count == 1 && !isBias;
        var values = zeros([.. spec.Shape], dtype: type);
        if (isNorm)
        {
            values.fill_(config.Traits.Norm == NormKind.RmsOnePlusWeight ? 0 : 1);
        }
        else if (!isBias)
        {
            values.uniform_(-Spread, Spread);
        }

        Parameter parameter = new(values, requires_grad: true);
        parameter.DetachFromDisposeScope();
        return parameter;
    }

    private static CheckpointLayout Layout(IReadOnlyList<ParameterSpec> specs) =>
        CheckpointLayout.Single(specs.Select(spec => new StoredTensor(spec.Name, StoredType.Of(ScalarType.Float32), spec.Shape)));
}
