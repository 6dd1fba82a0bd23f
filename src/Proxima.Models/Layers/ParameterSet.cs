using TorchSharp.Modules;

namespace Proxima.Models.Layers;

/// <summary>The weights of a model by name, from which its layers take theirs.</summary>
internal sealed class ParameterSet(IReadOnlyDictionary<string, Parameter> byName)
{
    public Parameter this[string name] => byName[name];

    /// <summary>Weight and, where there is one, bias.</summary>
    public Projection Projection(string name, MatrixLayout layout) =>
        new(byName[$"{name}.weight"], byName.GetValueOrDefault($"{name}.bias"), layout);

    /// <summary>A norm with the weights of a name.</summary>
    public Norm Norm(string name, DecoderTraits traits) =>
        new(byName[$"{name}.weight"], byName.GetValueOrDefault($"{name}.bias"), traits.Norm, traits.NormEpsilon);
}
