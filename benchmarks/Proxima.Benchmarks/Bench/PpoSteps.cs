using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Data.Dialogues;
using Proxima.Generation;
using Proxima.Models;
using Proxima.Training;
using Proxima.Training.Optimization;
using Proxima.Training.Rewards;
using static TorchSharp.torch;

namespace Proxima.Benchmarks.Bench;

/// <summary>Whole PPO steps with four models: rollout, scores, update (2 passes in 4 optimizer steps each).</summary>
internal sealed class PpoSteps : IDisposable
{
    private const int PromptLength = 8;
    private const int Passes = 2;
    private const int OptimizerSteps = 4;

    private readonly int _threads;
    private readonly CausalLanguageModel _actor;
    private readonly ScoreModel _critic;
    private readonly FrozenModel<CausalLanguageModel> _reference;
    private readonly FrozenModel<ScoreModel> _reward;
    private readonly GradientMemory? _gradients;
    private readonly GenerationEngines _engines;
    private readonly ModelOptimizer _actorOptimizer;
    private readonly ModelOptimizer _criticOptimizer;
    private readonly RolloutWorker _worker;
    private readonly ExperienceBuilder _builder;
    private readonly PpoUpdater _updater;
    private readonly Prompt[] _prompts;
    private readonly int _newTokens;

    /// <param name="folder">of all four models</param>
    /// <param name="machine">precision and offload</param>
    /// <param name="sequences">of a rollout, divisible by 4</param>
    /// <param name="newTokens">of each</param>
    /// <param name="threads">that work</param>
    /// <param name="stopTokenIds">tokens that end a response before that; null: none does</param>
    /// <param name="device">of the models; null: the CPU</param>
    public PpoSteps(string folder, MachineSettings machine, int sequences, int newTokens, int threads, int[]? stopTokenIds = null, Device? device = null)
    {
        (_newTokens, _threads) = (newTokens, threads);
        TrainingPrecision precision = TrainingPrecision.Of(machine, earlierProducts: null, device);
        ModelResidence residence = machine.Offload ? ModelResidence.Leaves : ModelResidence.Stays;
        _actor = ModelFolder.LoadCausal(folder, precision.Trained, device);
        _critic = ModelFolder.LoadScoreWithZeroHead(folder, precision.Trained, device);
        _actor.Decoder.Options = _critic.Decoder.Options = precision.Options;
        _reference = new(() => Computing(ModelFolder.LoadCausal(folder, precision.Frozen, device), model => model.Decoder, precision), residence);
        _reward = new(() => Computing(ModelFolder.LoadScore(folder, precision.Frozen, device: device), model => model.Decoder, precision), residence);
        long weights = _actor.NamedParameters().Sum(p => p.Value.numel());
        _gradients = machine.Offload ? new GradientMemory(weights + _actor.Config.HiddenSize, precision.Copies, residence) : null; // the critic's head
        OptimizerSettings optimizer = new() { LearningRate = 1e-5 };
        LearningRateSchedule schedule = LearningRateSchedule.ForActor(optimizer, totalSteps: 1_000_000);
        _actorOptimizer = new("actor", _actor.NamedParameters(), schedule, optimizer, 0, precision.Copies, gradients: _gradients);
        _criticOptimizer = new("critic", _critic.NamedParameters(), schedule, optimizer, 0, precision.Copies, gradients: _gradients);
        SamplingSettings sampling = new() { MaxDecLen = newTokens, MinDecLen = stopTokenIds is null ? newTokens : 1, IgnoreEos = stopTokenIds is null };
        PpoSettings ppo = new() { UpdateIters = Passes };
        _engines = device is not null ? GenerationEngines.OnDevice(_actor) : GenerationEngines.Fused(_actor, threads, machine.ComputeKernel, machine.Precision, residence);
        _worker = new(_engines, sampling, new StopCriteria { TokenIds = stopTokenIds ?? [] }, samplesPerPrompt: 1);
        _builder = new(_actor, _reference, _critic, new RewardModelSource(_reward), new ScoreShaper(ppo), ppo, sampling);
        BatchSettings batches = new() { PerDeviceTrainBatchSize = sequences / OptimizerSteps, GradientAccumulationSteps = 1 };
        _updater = new(_actor, _critic, _actorOptimizer, _criticOptimizer, ppo, batches, sampling.Temperature, seed: 1);
        CounterRandom random = new(1, RandomPurpose.Rollout);
        Dialogue dialogue = new() { Src = ["a"], Tgt = [] };
        _prompts = [.. Enumerable.Range(0, sequences).Select(_ =>
            new Prompt(dialogue, [.. Enumerable.Range(0, PromptLength).Select(_ => random.NextInt(_actor.Config.VocabularySize))]))];
    }

    /// <summary>One step.</summary>
    /// <param name="number">of the step: keys its random streams</param>
    /// <returns>seconds of rollout, scores and update</returns>
    public (double Rollout, double Score, double Update) Step(int number)
    {
        using var scope = NewDisposeScope();
        double start = WorkClock.Seconds(_threads);
        IReadOnlyList<Sequence> rollout = _worker.Answer(_prompts, i => new CounterRandom(1, RandomPurpose.Rollout, number, i));
        double rolled = WorkClock.Seconds(_threads);
        using Experience experience = _builder.Build(rollout, klCoefficient: 0.02);
        double scored = WorkClock.Seconds(_threads);
        _updater.Update(experience, number, new MetricAccumulator());
        return (rolled - start, scored - rolled, WorkClock.Seconds(_threads) - scored);
    }

    /// <summary>FLOPs that a step cannot do without ÷ (time × peak).</summary>
    /// <param name="seconds">of a step</param>
    /// <param name="peak">GFLOP/s</param>
    public double Utilisation(double seconds, double peak)
    {
        double blocks = BlockParameters(_actor.NamedParameters());
        ComputeBudget budget = new()
        {
            LanguageModelParameters = blocks + _actor.HeadWeight.numel(),
            BlockParameters = blocks,
            RewardModelParameters = blocks,
            Passes = Passes,
            PeakFlopsPerSecond = peak * 1e9,
        };
        return budget.Utilisation(_prompts.Length * (PromptLength + _newTokens), seconds);
    }

    public void Dispose()
    {
        foreach (IDisposable owned in new IDisposable[] { _engines, _actorOptimizer, _criticOptimizer, _actor, _reference, _critic, _reward })
        {
            owned.Dispose();
        }

        _gradients?.Dispose();
    }

    private static T Computing<T>(T model, Func<T, Decoder> decoder, TrainingPrecision precision)
    {
        decoder(model).Options = precision.Options;
        return model;
    }

    private static double BlockParameters(IEnumerable<(string Name, TorchSharp.Modules.Parameter Value)> named) =>
        named.Where(p => p.Name.Contains(".layers.", StringComparison.Ordinal)).Sum(p => (double)p.Value.numel());
}
