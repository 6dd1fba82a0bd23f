using Proxima.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Tests.Training.Peers;

/// <summary>The four models that every recorded run of TRL starts from.</summary>
internal sealed class TrlModels(string reference) : IDisposable
{
    public CausalLanguageModel Policy { get; } = ModelFolder.LoadCausal(TrlRun.FolderOf("models", "policy"), ScalarType.Float32);

    public CausalLanguageModel Reference { get; } = ModelFolder.LoadCausal(reference, ScalarType.Float32);

    public ScoreModel Value { get; } = ModelFolder.LoadScore(TrlRun.FolderOf("models", "value"), ScalarType.Float32);

    public ScoreModel Reward { get; } = ModelFolder.LoadScore(TrlRun.FolderOf("models", "reward"), ScalarType.Float32);

    /// <summary>All weights that TRL trains, with one optimizer.</summary>
    public IReadOnlyList<(string Name, Parameter Value)> Trained =>
    [
        .. Policy.NamedParameters().Select(p => ("policy." + p.Name, p.Value)),
        .. Value.NamedParameters().Select(p => ("value." + p.Name, p.Value)),
    ];

    public void Dispose()
    {
        Policy.Dispose();
        Reference.Dispose();
        Value.Dispose();
        Reward.Dispose();
    }
}
