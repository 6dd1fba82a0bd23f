using Proxima.Models.Layers;
using Proxima.Models.Weights;
using Proxima.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Models;

/// <summary>A decoder with an output projection: the probability of the next token.</summary>
public sealed class CausalLanguageModel : IDisposable
{
    /// <summary>Name of the output projection in files, where it is not the embedding.</summary>
    internal const string HeadName = "lm_head.weight";

    private readonly Parameter? _head;

    internal CausalLanguageModel(Decoder decoder, Parameter? head, CheckpointLayout layout)
    {
        Decoder = decoder;
        _head = head;
        Layout = layout;
    }

    /// <summary>The backbone.</summary>
    public Decoder Decoder { get; }

    /// <summary>The model's description.</summary>
    public ModelConfig Config => Decoder.Config;

    /// <summary>The output projection, [V, C]; the embedding itself when they are tied.</summary>
    public Tensor HeadWeight => _head ?? Decoder.Embedding;

    /// <summary>Names of the number types in which the files hold the weights, such as BF16.</summary>
    public IReadOnlyList<string> StoredTypes => Layout.StoredTypes;

    /// <summary>The output projection with what belongs to it, for log-probs without all logits at once.</summary>
    public VocabularyHead Head => new(HeadWeight, Decoder.Precision.Operand, Config.Traits.LogitSoftCap);

    /// <summary>How the files lay that the weights came from.</summary>
    internal CheckpointLayout Layout { get; }

    /// <param name="hidden">[…, C] of the decoder</param>
    /// <returns>[…, V] in the type of products</returns>
    public Tensor Logits(Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        using var scope = NewDisposeScope();
        Precision precision = Decoder.Precision;
        var states = hidden.to_type(precision.Products).contiguous(); // a strided input is many times slower
        var logits = nn.functional.linear(states, precision.Operand(HeadWeight));
        if (Config.Traits.LogitSoftCap is double cap)
        {
            logits = logits.div(cap).tanh().mul(cap);
        }

        return logits.MoveToOuterDisposeScope();
    }

    /// <summary>The weights by the names of the files; a tied one appears once, under the embedding's name.</summary>
    public IReadOnlyList<(string Name, Parameter Value)> NamedParameters() =>
        _head is null ? Decoder.Parameters : [.. Decoder.Parameters, (HeadName, _head)];

    public void Dispose()
    {
        Decoder.Dispose();
        _head?.Dispose();
    }
}
