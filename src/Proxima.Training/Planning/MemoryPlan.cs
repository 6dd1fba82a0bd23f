using Proxima.Core.Display;
using Proxima.Generation;
using Proxima.Models;
using Proxima.Training.Optimization;

namespace Proxima.Training.Planning;

/// <summary>The memory of a PPO run on one rank, from the number of weights and what was measured of activations.</summary>
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

    /// <summary>Part of the optimizer's state that this rank holds.</summary>
    public double OptimizerShare { get; init; } = 1;

    /// <summary>Part of the gradients that this rank holds.</summary>
    public double GradientShare { get; init; } = 1;

    /// <summary>Part of the weights that trained models compute with that this rank holds.</summary>
    public double WeightShare { get; init; } = 1;

    /// <summary>What takes memory, and when.</summary>
    public IReadOnlyList<MemoryItem> Items()
    {
        RunPhase[] all = EvaluationEngine is null
            ? [RunPhase.Rollout, RunPhase.Score, RunPhase.Update, RunPhase.Save]
            : [RunPhase.Rollout, RunPhase.Score, RunPhase.Update, RunPhase.Evaluate, RunPhase.Save];
        RunPhase[] generating = [.. all.Where(phase => phase is RunPhase.Rollout or RunPhase.Evaluate)];
        RunPhase[] scoring = [.. all.Where(phase => phase is RunPhase.Score or RunPhase.Evaluate)];
        List<MemoryItem> items = [Item("process", Process, all), .. Trained("actor", Actor.LanguageModel, all), .. Trained("critic", Critic.ScoreModel, all)];
        items.AddRange([Gradients(all), .. Frozen(all, scoring)]);
        if (Engine.Weights > 0)
        {
            items.Add(Item("engine: packed weights", Engine.Weights + EngineEmbedding, Offload ? generating : all));
        }

        items.Add(new("engine: keys, values, rows", Bytes(
            (RunPhase.Rollout, Rows(Engine)), (RunPhase.Evaluate, EvaluationEngine is null ? 0 : Rows(EvaluationEngine)))));
        items.Add(new("activations", Bytes(
            (RunPhase.Score, ScoreActivations), (RunPhase.Update, UpdateActivations), (RunPhase.Evaluate, EvaluationEngine is null ? 0 : ScoreActivations))));
        if (AsyncSave)
        {
            items.Add(Item("copy of the state (async_save)", (1 + Moments) * Wide * (Actor.LanguageModel + Critic.ScoreModel), all));
        }

        items.Add(Item("copies to be saved", CopiesToSave(), AsyncSave ? all : [RunPhase.Save]));
        return [.. items.Where(item => item.Bytes.Values.Any(bytes => bytes > 0))];
    }

    /// <summary>Bytes of a phase.</summary>
    public double In(RunPhase phase) => Items().Sum(item => item.In(phase));

    /// <summary>Bytes at the highest.</summary>
    public double Peak => Enum.GetValues<RunPhase>().Max(In);

    /// <summary>Bytes of a weight that a trained model computes with.</summary>
    public double ComputeBytes => Copies == WeightCopies.BFloat16 ? Narrow : Wide;

    /// <summary>Bytes that the optimizer holds of a weight: moments, and the float32 weight where the model computes with a copy.</summary>
    public double OptimizerBytes => (Moments * Wide) + (Copies == WeightCopies.None ? 0 : Wide);

    /// <summary>Bytes of the gradient of a weight.</summary>
    private double GradientBytes => GradientShare * (Wide + (Copies == WeightCopies.BFloat16 ? Narrow : 0));

    /// <summary>The engine reads the embedding in float32, from the model's own weights where these are.</summary>
    private double EngineEmbedding => Copies == WeightCopies.BFloat16 ? Wide * Actor.Embedding : 0;

    private IEnumerable<MemoryItem> Trained(string model, double count, RunPhase[] all)
    {
        double moments = Moments * Wide * OptimizerShare;
        double masters = (OptimizerBytes * OptimizerShare) - moments;
        return [Item($"{model}: weights", ((ComputeBytes * WeightShare) + masters) * count, all), Item($"{model}: moments", moments * count, all)];
    }

    private MemoryItem Gradients(RunPhase[] all) => Offload
        ? Item("gradients, of one at a time", GradientBytes * Math.Max(Actor.LanguageModel, Critic.ScoreModel), [RunPhase.Update])
        : Item("gradients", GradientBytes * (Actor.LanguageModel + Critic.ScoreModel), all);

    private IEnumerable<MemoryItem> Frozen(RunPhase[] all, RunPhase[] scoring)
    {
        double bytes = NarrowFrozen ? Narrow : Wide;
        double reference = bytes * Actor.LanguageModel;
        double reward = bytes * (Reward?.ScoreModel ?? 0);
        if (!Offload)
        {
            return [Item("reference", reference, all), Item("reward model", reward, all)];
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
