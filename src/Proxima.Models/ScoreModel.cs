using Proxima.Models.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Models;

/// <summary>A decoder with a score head: one number a token. A reward model reads it at the last token, a critic at each.</summary>
public sealed class ScoreModel : IDisposable
{
    /// <summary>Name of the score head in files.</summary>
    public const string HeadName = "score.weight";

    private readonly Parameter _head;

    internal ScoreModel(Decoder decoder, Parameter head, HeadOrigin headOrigin, CheckpointLayout layout)
    {
        Decoder = decoder;
        _head = head;
        HeadOrigin = headOrigin;
        Layout = layout;
    }

    /// <summary>The backbone.</summary>
    public Decoder Decoder { get; }

    /// <summary>The model's description.</summary>
    public ModelConfig Config => Decoder.Config;

    /// <summary>The score head, [1, C].</summary>
    public Tensor ScoreWeight => _head;

    /// <summary>Where the score head came from, for the log.</summary>
    public HeadOrigin HeadOrigin { get; }

    /// <summary>Names of the number types in which the files hold the weights, such as BF16.</summary>
    public IReadOnlyList<string> StoredTypes => Layout.StoredTypes;

    /// <summary>How the files lay that the weights came from, with the score head in place of an output projection.</summary>
    internal CheckpointLayout Layout { get; }

    /// <param name="hidden">[B, T, C] of the decoder</param>
    /// <returns>[B, T] float32</returns>
    public Tensor Values(Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        using var scope = NewDisposeScope();

        // float32: values enter sums over tokens, and one column costs nothing.
        var states = hidden.to_type(ScalarType.Float32).contiguous();
        return nn.functional.linear(states, _head.to_type(ScalarType.Float32)).squeeze(-1).MoveToOuterDisposeScope(); // [B, T]
    }

    /// <summary>The weights by the names of the files.</summary>
    public IReadOnlyList<(string Name, Parameter Value)> NamedParameters() => [.. Decoder.Parameters, (HeadName, _head)];

    public void Dispose()
    {
        Decoder.Dispose();
        _head.Dispose();
    }
}
