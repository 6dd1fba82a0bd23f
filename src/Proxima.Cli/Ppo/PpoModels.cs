using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Models;
using Proxima.Training;
using Proxima.Training.Optimization;
using static TorchSharp.torch;

namespace Proxima.Cli.Ppo;

/// <summary>The four models of PPO. Actor and critic learn; reference and reward model stay as they are.</summary>
internal sealed class PpoModels : IDisposable
{
    private readonly string _criticFolder;
    private readonly ModelSettings _settings;

    /// <param name="settings">the folders</param>
    /// <param name="machine">attention and recomputation</param>
    /// <param name="precision">number types</param>
    /// <exception cref="ProximaException">a folder holds no such model, or a model cannot compute as the settings ask</exception>
    public PpoModels(ModelSettings settings, MachineSettings machine, TrainingPrecision precision)
    {
        _settings = settings;
        string actorFolder = settings.ActorModelNameOrPath!;
        Precision = precision;
        Actor = ModelFolder.LoadCausal(actorFolder, precision.Trained);
        Reference = ModelFolder.LoadCausal(actorFolder, precision.Frozen);
        Reward = settings.RewardModelNameOrPath is { } reward ? ModelFolder.LoadScore(reward, precision.Frozen) : null;
        _criticFolder = settings.CriticModelNameOrPath ?? settings.RewardModelNameOrPath ?? actorFolder;
        CriticStartsFromActor = settings.CriticModelNameOrPath is null && settings.RewardModelNameOrPath is null;
        Critic = LoadCritic(precision.Trained);
        ComputeOptions options = precision.Options with { FusedAttention = machine.UseFlashAttention };
        Reference.Decoder.Options = options;
        Actor.Decoder.Options = options with { Recompute = machine.Recompute ? machine.RecomputeGranularity : null };
        Critic.Decoder.Options = options with { Recompute = machine.CriticRecompute ?? machine.Recompute ? machine.CriticRecomputeGranularity : null };
        if (Reward is not null)
        {
            Reward.Decoder.Options = options;
        }
    }

    /// <summary>Number types.</summary>
    public TrainingPrecision Precision { get; }

    public CausalLanguageModel Actor { get; }

    public CausalLanguageModel Reference { get; }

    /// <summary>Null when another source scores.</summary>
    public ScoreModel? Reward { get; }

    public ScoreModel Critic { get; }

    /// <summary>Whether the critic is the actor with a score head of zeros.</summary>
    public bool CriticStartsFromActor { get; }

    /// <summary>A line for each model: its role, where it came from, its size.</summary>
    public IEnumerable<string> Lines()
    {
        yield return Line("actor", _settings.ActorModelNameOrPath!, Count(Actor.NamedParameters()), "trained");
        yield return Line("reference", _settings.ActorModelNameOrPath!, Count(Reference.NamedParameters()), "frozen");
        yield return Line("critic", _criticFolder, Count(Critic.NamedParameters()), Head(_criticFolder, CriticStartsFromActor));
        if (Reward is not null)
        {
            yield return Line("reward", _settings.RewardModelNameOrPath!, Count(Reward.NamedParameters()), "frozen");
        }
    }

    /// <summary>The actor's optimizer.</summary>
    /// <param name="schedule">its rate</param>
    /// <param name="settings">moments, clip, decay</param>
    public ModelOptimizer ActorOptimizer(LearningRateSchedule schedule, OptimizerSettings settings)
    {
        using CausalLanguageModel? exact = KeepsMasters ? ModelFolder.LoadCausal(_settings.ActorModelNameOrPath!, ScalarType.Float32) : null;
        return new ModelOptimizer(
            "actor", Actor.NamedParameters(), schedule, settings, settings.WeightDecay, Precision.Copies, exact?.NamedParameters());
    }

    /// <summary>The critic's optimizer.</summary>
    /// <param name="schedule">its rate</param>
    /// <param name="settings">moments, clip, decay</param>
    public ModelOptimizer CriticOptimizer(LearningRateSchedule schedule, OptimizerSettings settings)
    {
        using ScoreModel? exact = KeepsMasters ? LoadCritic(ScalarType.Float32) : null;
        return new ModelOptimizer(
            "critic", Critic.NamedParameters(), schedule, settings, settings.CriticWeightDecay, Precision.Copies, exact?.NamedParameters());
    }

    /// <summary>Writes actor/ and critic/ into a folder.</summary>
    /// <param name="folder">the folder</param>
    /// <param name="actor">the actor's weights</param>
    /// <param name="critic">the critic's weights</param>
    public void Save(string folder, FlatParameters actor, FlatParameters critic)
    {
        using var scope = NewDisposeScope();
        ModelFolder.Save(Actor, _settings.ActorModelNameOrPath!, Path.Combine(folder, Core.Runs.RunFolder.ActorName), actor.Named());
        ModelFolder.Save(Critic, _criticFolder, Path.Combine(folder, Core.Runs.RunFolder.CriticName), critic.Named());
    }

    public void Dispose()
    {
        Actor.Dispose();
        Reference.Dispose();
        Reward?.Dispose();
        Critic.Dispose();
    }

    /// <summary>Whether the weights that the models compute with lack bits of those that were stored.</summary>
    private bool KeepsMasters => Precision.Trained != ScalarType.Float32;

    private ScoreModel LoadCritic(ScalarType type) => CriticStartsFromActor
        ? ModelFolder.LoadScoreWithZeroHead(_criticFolder, type)
        : ModelFolder.LoadScore(_criticFolder, type);

    private static string Head(string folder, bool isZero) =>
        isZero ? "trained, score head of zeros" : ModelFolder.HasScoreHead(folder) ? "trained" : "trained, new score head";

    private static string Line(string role, string folder, long parameters, string fate) =>
        $"{role,-10} {parameters,15:N0} parameters  {folder} ({fate})";

    private static long Count(IEnumerable<(string Name, TorchSharp.Modules.Parameter Value)> named) => named.Sum(p => p.Value.numel());
}
