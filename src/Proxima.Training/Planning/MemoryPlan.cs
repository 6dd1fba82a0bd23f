using Proxima.Core.Display;
using Proxima.Core.Settings;
using Proxima.Generation;
using Proxima.Models;
using Proxima.Training.Optimization;

namespace Proxima.Training.Planning;

/// <summary>The memory of a rank of a PPO run, from the number of weights and what was measured of activations.</summary>
public sealed record MemoryPlan
{
    private const double Wide = sizeof(float);
    private const double Narrow = sizeof(ushort);
    private const int Moments = 2;

    /// <summary>Bytes of the process before it loads a model.</summary>
    public required double Process { get; init; }

    public required ModelSize Actor { get; init; }

    public required ModelSize Critic { get; init; }

    /// <summary>Null when another source scores.</summary>
    public required ModelSize? Reward { get; init; }

    /// <summary>What trained models compute with.</summary>
    public required WeightCopies Copies { get; init; }

    /// <summary>Whether reference and reward model are held in 16 bit.</summary>
    public required bool NarrowFrozen { get; init; }

    /// <summary>
    /// offload: reference and reward model are there one after the other, while something is scored, each read from its files; gradients
    /// during the update alone and for one model at a time; the engine's weights during generation.
    /// </summary>
    public required bool Offload { get; init; }

    /// <summary>async_save: what a checkpoint holds is copied, and written while the run goes on.</summary>
    public required bool AsyncSave { get; init; }

    /// <summary>The engine in a rollout.</summary>
    public required EngineMemory Engine { get; init; }

    /// <summary>The engine in an evaluation; null without one.</summary>
    public EngineMemory? EvaluationEngine { get; init; }

    /// <summary>Bytes that a forward without gradients takes at the highest.</summary>
    public required double ScoreActivations { get; init; }

    /// <summary>Bytes that a micro-batch takes at the highest, actor's or critic's.</summary>
    public required double UpdateActivations { get; init; }

    /// <summary>What is divided among the ranks of a group.</summary>
    public Sharding Sharding { get; init; } = Sharding.None;

    /// <summary>Ranks of a group.</summary>
    public int GroupSize { get; init; } = 1;

    /// <summary>What takes memory, and when.</summary>
    public IReadOnlyList<MemoryItem> Items()
    {
        RunPhase[] all = EvaluationEngine is null
            ? [RunPhase.Rollout, RunPhase.Score, RunPhase.Update, RunPhase.Save]
            : [RunPhase.Rollout, RunPhase.Score, RunPhase.Update, RunPhase.Evaluate, RunPhase.Save];
        RunPhase[] generating = [.. all.Where(phase => phase is RunPhase.Rollout or RunPhase.Evaluate)];
        RunPhase[] scoring = [.. all.Where(phase => phase is RunPhase.Score or RunPhase.Evaluate)];
        List<MemoryItem> items = [Item("process", Process, all), .. Trained("actor", Actor, Actor.LanguageModel, all, IsActorWhole), .. Trained("critic", Critic, Critic.ScoreModel, all, IsCriticWhole)];
        items.AddRange([Gradients(all), .. Frozen(all, scoring), Item("the model that scores, whole", Scoring, scoring)]);
        if (Engine.Weights > 0)
        {
            items.Add(Item("engine: packed weights", Engine.Weights + EngineEmbedding, Offload ? generating : all));
        }

        items.Add(new("engine: keys, values, rows", Bytes(
            (RunPhase.Rollout, Rows(Engine)), (RunPhase.Evaluate, EvaluationEngine is null ? 0 : Rows(EvaluationEngine)))));
        items.Add(new("activations", Bytes(
            (RunPhase.Score, ScoreActivations), (RunPhase.Update, UpdateActivations), (RunPhase.Evaluate, EvaluationEngine is null ? 0 : ScoreActivations))));
        if (CopiesState)
        {
            items.Add(Item("copy of the state (async_save)", (1 + Moments) * Wide * (Actor.LanguageModel + Critic.ScoreModel), all));
        }

        items.Add(Item("copies to be saved", CopiesToSave(), CopiesState ? all : [RunPhase.Save]));
        return [.. items.Where(item => item.Bytes.Values.Any(bytes => bytes > 0))];
    }

    /// <summary>With sharding async_save is refused.</summary>
    private bool CopiesState => AsyncSave && Sharding == Sharding.None;

    /// <summary>Bytes of a phase.</summary>
    public double In(RunPhase phase) => Items().Sum(item => item.In(phase));

    /// <summary>Bytes at the highest.</summary>
    public double Peak => Enum.GetValues<RunPhase>().Max(In);

    /// <summary>Bytes of a weight that a trained model computes with.</summary>
    public double ComputeBytes => Copies == WeightCopies.BFloat16 ? Narrow : Wide;

    /// <summary>Bytes of the gradient of a weight, in 16 bit beside float32 where the model computes with 16-bit copies.</summary>
    private double GradientBytes => Wide + (Copies == WeightCopies.BFloat16 ? Narrow : 0);

    /// <summary>Bytes of reference and reward model where they stay in memory.</summary>
    public double FrozenBytes => Offload ? 0 : (NarrowFrozen ? Narrow : Wide) * (Actor.LanguageModel + (Reward?.ScoreModel ?? 0));

    /// <summary>The engine reads the embedding in float32, from the model's own weights where these are.</summary>
    private double EngineEmbedding => Copies == WeightCopies.BFloat16 ? Wide * Actor.Embedding : 0;

    private IEnumerable<MemoryItem> Trained(string model, ModelSize size, double count, RunPhase[] all, Func<RunPhase, bool> isWhole)
    {
        double moments = Moments * Wide * Share(Sharding.Stage1) * count;
        double masters = Copies == WeightCopies.None ? 0 : Wide * count;
        return
        [
            new($"{model}: weights", all.ToDictionary(
                phase => phase,
                phase => (ComputeBytes * Held(size, count, phase, isWhole)) + (masters * (phase == RunPhase.Save ? 1 : Share(Sharding.Stage1))))),
            Item($"{model}: moments", moments, all),
        ];
    }

    /// <summary>Weights that a rank holds of a model that learns: at stage 3, while it is divided, its part of the matrices of the blocks and all else.</summary>
    private double Held(ModelSize size, double count, RunPhase phase, Func<RunPhase, bool> isWhole)
    {
        double layer = phase == RunPhase.Update ? (double)size.BlockMatrices / size.Config.LayerCount : 0; // the one that is at work is whole
        return Sharding < Sharding.Stage3 || isWhole(phase) ? count : Math.Min(count, count - (size.BlockMatrices * (1 - Share(Sharding.Stage3))) + layer);
    }

    /// <summary>The engine reads the whole actor, and it stays so until the update. Every model is whole while it is saved; <see cref="Scoring"/> has those that score.</summary>
    private static bool IsActorWhole(RunPhase phase) => phase != RunPhase.Update;

    private static bool IsCriticWhole(RunPhase phase) => phase == RunPhase.Save;

    private MemoryItem Gradients(RunPhase[] all) => Offload
        ? Item("gradients, of one at a time", Math.Max(GradientsOf(Actor, Actor.LanguageModel, RunPhase.Update), GradientsOf(Critic, Critic.ScoreModel, RunPhase.Update)), [RunPhase.Update])
        : new("gradients", all.ToDictionary(phase => phase, phase => GradientsOf(Actor, Actor.LanguageModel, phase) + GradientsOf(Critic, Critic.ScoreModel, phase)));

    /// <summary>Those of a backward pass, whole up to stage 1, of one layer and all that is in none of them from stage 2 on; beside them a rank's sums over all ranks.</summary>
    private double GradientsOf(ModelSize size, double count, RunPhase phase)
    {
        double sums = Sharding == Sharding.None || phase != RunPhase.Update ? 0 : Wide * Share(Sharding.Stage1) * count;
        double atWork = phase == RunPhase.Update ? count - size.BlockMatrices + ((double)size.BlockMatrices / size.Config.LayerCount) : 0;
        return sums + (GradientBytes * (Sharding >= Sharding.Stage2 ? atWork : count));
    }

    /// <summary>What critic, reference or reward model, the largest of them, has beside its parts while it scores.</summary>
    private double Scoring
    {
        get
        {
            double frozen = Offload ? 0 : (NarrowFrozen ? Narrow : Wide) * Math.Max(Actor.LanguageModel, Reward?.ScoreModel ?? 0);
            return (1 - Share(Sharding.Stage3)) * Math.Max(frozen, ComputeBytes * Critic.BlockMatrices);
        }
    }

    /// <summary>The part that a rank holds of what is divided from a stage on.</summary>
    private double Share(Sharding from) => Sharding >= from ? 1.0 / GroupSize : 1;

    private IEnumerable<MemoryItem> Frozen(RunPhase[] all, RunPhase[] scoring)
    {
        double bytes = NarrowFrozen ? Narrow : Wide;
        double reference = bytes * Actor.LanguageModel;
        double reward = bytes * (Reward?.ScoreModel ?? 0);
        if (!Offload)
        {
            double share = Share(Sharding.Stage3);
            return [Item("reference", reference * share, all), Item("reward model", reward * share, all)];
        }

        // A file that is read counts as memory of the process, and is closed before the model works.
        double file = Math.Max(Actor.StoredBytes * Actor.LanguageModel, (Reward?.StoredBytes ?? 0) * (Reward?.ScoreModel ?? 0));
        return [Item("reference or reward model", Math.Max(reference, reward), scoring), Item("its files while they are read", Math.Max(0, file - ScoreActivations), scoring)];
    }

    /// <summary>With what is copied to float32 while 16-bit weights are packed.</summary>
    private double Rows(EngineMemory engine) =>
        engine.Cache + engine.Rows + (Copies == WeightCopies.BFloat16 && engine.Weights > 0 ? Wide * Actor.LanguageModel : 0);

    /// <summary>A tensor at a time in the type of the files; the embedding is the largest.</summary>
    private double CopiesToSave() => Math.Max(InFiles(Actor), InFiles(Critic));

    private static double InFiles(ModelSize model) => model.StoredBytes < Wide ? model.StoredBytes * model.Embedding : 0;

    private static MemoryItem Item(string name, double bytes, RunPhase[] phases) => new(name, phases.ToDictionary(phase => phase, _ => bytes));

    private static Dictionary<RunPhase, double> Bytes(params (RunPhase Phase, double Bytes)[] bytes) =>
        bytes.Where(pair => pair.Bytes > 0).ToDictionary(pair => pair.Phase, pair => pair.Bytes);
}
