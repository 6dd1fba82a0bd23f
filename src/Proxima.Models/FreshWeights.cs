using Proxima.Core;
using Proxima.Models.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Models;

/// <summary>
/// Weights of a model that has learned nothing, as transformers draws them: matrices and embeddings from N(0, initializer_range²),
/// biases 0, norms 1. The row of the padding token is drawn like any other, since a pad may be a real token elsewhere.
/// </summary>
/// <param name="config">of the model</param>
/// <param name="seed">each weight is a function of it, of the weight's number and of its place</param>
internal sealed class FreshWeights(ModelConfig config, long seed)
{
    /// <summary>Draws parameters in float32 and rounds them to a type; the caller owns them.</summary>
    public IReadOnlyList<(string Name, Parameter Value)> Draw(IReadOnlyList<ParameterSpec> specs, ScalarType type, Device? device)
    {
        using var noGrad = no_grad();
        List<(string, Parameter)> drawn = [];
        foreach (ParameterSpec spec in specs)
        {
            using var values = tensor(Values(spec, drawn.Count));
            Parameter parameter = new(values.view([.. spec.Shape]).to(type, device ?? CPU, copy: true), requires_grad: true);
            parameter.DetachFromDisposeScope();
            drawn.Add((spec.Name, parameter));
        }

        return drawn;
    }

    private float[] Values(ParameterSpec spec, int number)
    {
        float[] values = new float[spec.Shape.Aggregate(1L, (product, size) => checked(product * size))];
        if (spec.Name.EndsWith(".bias", StringComparison.Ordinal))
        {
            return values;
        }

        if (spec.Shape.Count == 1)
        {
            Array.Fill(values, config.Traits.Norm == NormKind.RmsOnePlusWeight ? 0 : 1); // a norm
            return values;
        }

        double spread = IsOutput(spec.Name) ? config.InitializerRange / Math.Sqrt(2 * config.LayerCount) : config.InitializerRange;
        CounterRandom random = new(seed, RandomPurpose.WeightInitialisation, number);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(random.NextNormal() * spread);
        }

        return values;
    }

    private bool IsOutput(string name)
    {
        DecoderNames names = config.Traits.Names;
        return config.Traits.ShrinksNewOutputs
            && (name.EndsWith($".{names.Output}.weight", StringComparison.Ordinal) || name.EndsWith($".{names.Down}.weight", StringComparison.Ordinal));
    }
}
