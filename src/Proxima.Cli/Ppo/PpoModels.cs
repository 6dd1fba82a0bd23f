using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Models;
using Proxima.Training;
using Proxima.Training.Optimization;
using Proxima.Training.Ranks;
using static TorchSharp.torch;

namespace Proxima.Cli.Ppo;

/// <summary>The four models of PPO. Actor and critic learn; reference and reward model stay as they are.</summary>
internal sealed class PpoModels : IDisposable
{
    private readonly string _criticFolder;
    private readonly ModelSettings _settings;
    private readonly GradientMemory? _gradients; // shared by actor and critic; null: each has its own

    /// <param name="settings">the folders</param>
    /// <param name="machine">attention, recomputation, offload</param>
    /// <param name="precision">number types</param>
    /// <param name="rewardReadsOtherTokens">the reward model's ids are not the actor's, so no critic can start from it</param>
    /// <exception cref="ProximaException">a folder holds no such model, or a model cannot compute as the settings ask</exception>
    public PpoModels(ModelSettings settings, MachineSettings machine, TrainingPrecision precision, bool rewardReadsOtherTokens)
    {
        _settings = settings;
        string actorFolder = settings.ActorModelNameOrPath!;
        Precision = precision;
        Actor = ModelFolder.LoadCausal(actorFolder, precision.Trained);
        ModelResidence residence = Composition.Residence(machine);
        Reference = new FrozenModel<CausalLanguageModel>(() => LoadReference(actorFolder), residence);
        Reward = settings.RewardModelNameOrPath is { } reward ? new FrozenModel<ScoreModel>(() => LoadReward(reward), residence) : null;
        string? criticFolder = settings.CriticModelNameOrPath ?? (rewardReadsOtherTokens ? null : settings.RewardModelNameOrPath);
        CriticStartsFromActor = criticFolder is null;
        _criticFolder = criticFolder ?? actorFolder;
        ActorSize = ModelSize.Of(actorFolder);
        CriticSize = ModelSize.Of(_criticFolder);
        RewardSize = settings.RewardModelNameOrPath is { } folder ? ModelSize.Of(folder) : null;
        Critic = LoadCritic(precision.Trained);
        Actor.Decoder.Options = precision.Learning(machine.Recompute, machine.RecomputeGranularity);
        Critic.Decoder.Options = precision.Learning(machine.CriticRecompute ?? machine.Recompute, machine.CriticRecomputeGranularity);
        _gradients = machine.Offload
            ? new GradientMemory(Math.Max(ActorSize.LanguageModel, CriticSize.ScoreModel), precision.Copies, residence)
            : null;
    }

    /// <summary>Number types.</summary>
    public TrainingPrecision Precision { get; }

    public CausalLanguageModel Actor { get; }

    public FrozenModel<CausalLanguageModel> Reference { get; }

    /// <summary>Null when another source scores.</summary>
    public FrozenModel<ScoreModel>? Reward { get; }

    public ScoreModel Critic { get; }

    /// <summary>How many weights the actor and the reference have.</summary>
    public ModelSize ActorSize { get; }

    /// <summary>How many the critic has.</summary>
    public ModelSize CriticSize { get; }

    /// <summary>How many the reward model has; null when another source scores.</summary>
    public ModelSize? RewardSize { get; }

    /// <summary>Whether the critic is the actor with a score head of zeros.</summary>
    public bool CriticStartsFromActor { get; }

    /// <summary>A line for each model: its role, where it came from, its size.</summary>
    public IEnumerable<string> Lines()
    {
        yield return Line("actor", _settings.ActorModelNameOrPath!, ActorSize.LanguageModel, $"trained{Recomputation(Actor.Decoder)}");
        yield return Line("reference", _settings.ActorModelNameOrPath!, ActorSize.LanguageModel, Frozen);
        yield return Line("critic", _criticFolder, CriticSize.ScoreModel, Head(_criticFolder, CriticStartsFromActor) + Recomputation(Critic.Decoder));
        if (RewardSize is not null)
        {
            yield return Line("reward", _settings.RewardModelNameOrPath!, RewardSize.ScoreModel, Frozen);
        }
    }

    /// <summary>The actor's optimizer.</summary>
    /// <param name="schedule">its rate</param>
    /// <param name="settings">moments, clip, decay</param>
    /// <param name="ranks">the ranks that train it</param>
    public ModelOptimizer ActorOptimizer(LearningRateSchedule schedule, OptimizerSettings settings, ShardedRanks ranks)
    {
        using CausalLanguageModel? exact = Precision.KeepsMasters ? ModelFolder.LoadCausal(_settings.ActorModelNameOrPath!, ScalarType.Float32) : null;
        return new ModelOptimizer(
            "actor", Actor.NamedParameters(), schedule, settings, settings.WeightDecay, Precision.Copies, exact?.NamedParameters(), _gradients, ranks);
    }

    /// <summary>The critic's optimizer.</summary>
    /// <param name="schedule">its rate</param>
    /// <param name="settings">moments, clip, decay</param>
    /// <param name="ranks">the ranks that train it</param>
    public ModelOptimizer CriticOptimizer(LearningRateSchedule schedule, OptimizerSettings settings, ShardedRanks ranks)
    {
        using ScoreModel? exact = Precision.KeepsMasters ? LoadCritic(ScalarType.Float32) : null;
        return new ModelOptimizer(
            "critic", Critic.NamedParameters(), schedule, settings, settings.CriticWeightDecay, Precision.Copies, exact?.NamedParameters(), _gradients, ranks);
    }

    /// <summary>Writes the actor as a Hugging Face folder.</summary>
    /// <param name="folder">the folder</param>
    /// <param name="weights">gives the actor's by their checkpoint names, as views of the open scope</param>
    public void SaveActor(string folder, Func<IReadOnlyDictionary<string, Tensor>> weights)
    {
        using var scope = NewDisposeScope();
        ModelFolder.Save(Actor, _settings.ActorModelNameOrPath!, folder, weights());
    }

    /// <summary>Writes the critic as a Hugging Face folder.</summary>
    /// <param name="folder">the folder</param>
    /// <param name="weights">gives the critic's by their checkpoint names, as views of the open scope</param>
    public void SaveCritic(string folder, Func<IReadOnlyDictionary<string, Tensor>> weights)
    {
        using var scope = NewDisposeScope();
        ModelFolder.Save(Critic, _criticFolder, folder, weights());
    }

    public void Dispose()
    {
        Actor.Dispose();
        Reference.Dispose();
        Reward?.Dispose();
        Critic.Dispose();
        _gradients?.Dispose();
    }

    private string Frozen => _gradients is null ? "frozen" : "frozen, in memory only while it scores";

    private CausalLanguageModel LoadReference(string folder)
    {
        CausalLanguageModel model = ModelFolder.LoadCausal(folder, Precision.Frozen);
        model.Decoder.Options = Precision.Options;
        return model;
    }

    private ScoreModel LoadReward(string folder)
    {
        ScoreModel model = ModelFolder.LoadScore(folder, Precision.Frozen);
        model.Decoder.Options = Precision.Options;
        return model;
    }

    private ScoreModel LoadCritic(ScalarType type) => CriticStartsFromActor
        ? ModelFolder.LoadScoreWithZeroHead(_criticFolder, type)
        : ModelFolder.LoadScore(_criticFolder, type);

    private static string Head(string folder, bool isZero) =>
        isZero ? "trained, score head of zeros" : ModelFolder.HasScoreHead(folder) ? "trained" : "trained, new score head";

    private static string Recomputation(Decoder decoder) =>
        decoder.Options.Recompute switch
        {
            null => "",
            RecomputeGranularity.CoreAttn => ", recomputing attention scores",
            RecomputeGranularity.FullAttn => ", recomputing attention",
            RecomputeGranularity.Full => ", recomputing blocks",
            { } other => throw new InvalidOperationException($"granularity {other}"),
        };

    private static string Line(string role, string folder, long parameters, string fate) =>
        $"{role,-10} {parameters,15:N0} parameters  {folder} ({fate})";
}
