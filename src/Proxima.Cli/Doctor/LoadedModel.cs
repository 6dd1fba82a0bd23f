using Proxima.Models;
using static TorchSharp.torch;

namespace Proxima.Cli.Doctor;

/// <summary>A language model or a score model, looked at the same way: ids in, logits or values out.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly ScoreModel? _score;

    private LoadedModel(CausalLanguageModel? causal, ScoreModel? score)
    {
        Causal = causal;
        _score = score;
    }

    /// <summary>The language model; null where the folder holds a score model.</summary>
    public CausalLanguageModel? Causal { get; }

    public Decoder Decoder => Causal?.Decoder ?? _score!.Decoder; // one of the two is there

    public ModelConfig Config => Decoder.Config;

    /// <summary>Number types of the weight files.</summary>
    public IReadOnlyList<string> StoredTypes => Causal?.StoredTypes ?? _score!.StoredTypes;

    /// <summary>Number of weights; tied ones count once.</summary>
    public long ParameterCount => (Causal?.NamedParameters() ?? _score!.NamedParameters()).Sum(parameter => parameter.Value.numel());

    /// <summary>Loads what a folder holds, to compute in float32.</summary>
    /// <exception cref="Core.ProximaException">the folder holds no model, or its files are broken or do not fit</exception>
    public static LoadedModel Load(string folder) => ModelFolder.HasScoreHead(folder)
        ? new(null, ModelFolder.LoadScore(folder, ScalarType.Float32))
        : new(ModelFolder.LoadCausal(folder, ScalarType.Float32), null);

    /// <summary>Logits of a language model, values of a score model.</summary>
    /// <param name="ids">[B, T] int64</param>
    /// <param name="positions">[B, T] int64</param>
    /// <param name="keyMask">[B, S] bool; null: every key</param>
    /// <param name="cache">earlier tokens; null: there are none</param>
    /// <returns>[B, T, V], or [B, T, 1] of a score model</returns>
    public Tensor Run(Tensor ids, Tensor positions, Tensor? keyMask = null, KeyValueCache? cache = null)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var hidden = Decoder.Forward(ids, positions, keyMask, cache);
        return (Causal is null ? _score!.Values(hidden).unsqueeze(-1) : Causal.Logits(hidden)).MoveToOuterDisposeScope();
    }

    /// <summary>The same for one text.</summary>
    /// <param name="ids">[T]</param>
    /// <returns>[T, V], or [T, 1] of a score model</returns>
    public Tensor Run(IReadOnlyList<int> ids)
    {
        using var scope = NewDisposeScope();
        var row = tensor(ids.Select(id => (long)id).ToArray()).unsqueeze(0); // [1, T]
        return Run(row, arange(ids.Count, dtype: ScalarType.Int64).unsqueeze(0))[0].MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        Causal?.Dispose();
        _score?.Dispose();
    }
}
