using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Data.Dialogues;
using Proxima.Generation;
using Proxima.Models;
using Proxima.Training;
using Proxima.Training.Optimization;
using Proxima.Training.Rewards;
using static TorchSharp.torch;

namespace Proxima.Benchmarks.Training;

/// <summary>Whole PPO steps with four models: rollout, scores, update (2 passes in 4 optimizer steps each).</summary>
internal sealed class PpoStepBenchmark : IDisposable
{
    private const int Steps = 4;
    private const int PromptLength = 8;
    private const int Passes = 2;
    private const int OptimizerSteps = 4;

    private readonly TrainingPrecision _precision;
    private readonly CausalLanguageModel _actor;
    private readonly CausalLanguageModel _reference;
    private readonly ScoreModel _critic;
    private readonly ScoreModel _reward;
    private readonly GenerationEngines _engines;
    private readonly ModelOptimizer _actorOptimizer;
    private readonly ModelOptimizer _criticOptimizer;
    private readonly RolloutWorker _worker;
    private readonly ExperienceBuilder _builder;
    private readonly PpoUpdater _updater;
    private readonly Prompt[] _prompts;
    private readonly int _newTokens;

    /// <param name="model">folder or shape of all four models</param>
    /// <param name="machine">precision</param>
    /// <param name="sequences">of a rollout, divisible by 4</param>
    /// <param name="newTokens">of each</param>
    public PpoStepBenchmark(BenchmarkModel model, MachineSettings machine, int sequences, int newTokens)
    {
        _newTokens = newTokens;
        _precision = TrainingPrecision.Of(machine, earlierProducts: null);
        _actor = ModelFolder.LoadCausal(model.Folder, _precision.Trained);
        _reference = ModelFolder.LoadCausal(model.Folder, _precision.Frozen);
        _critic = ModelFolder.LoadScoreWithZeroHead(model.Folder, _precision.Trained);
        _reward = ModelFolder.LoadScore(model.Folder, _precision.Frozen);
        foreach (Decoder decoder in new[] { _actor.Decoder, _reference.Decoder, _critic.Decoder, _reward.Decoder })
        {
            decoder.Options = _precision.Options;
        }

        OptimizerSettings optimizer = new() { LearningRate = 1e-5 };
        LearningRateSchedule schedule = LearningRateSchedule.ForActor(optimizer, totalSteps: 1000);
        _actorOptimizer = new("actor", _actor.NamedParameters(), schedule, optimizer, 0, _precision.Copies);
        _criticOptimizer = new("critic", _critic.NamedParameters(), schedule, optimizer, 0, _precision.Copies);
        SamplingSettings sampling = new() { MaxDecLen = newTokens, MinDecLen = newTokens, IgnoreEos = true };
        PpoSettings ppo = new() { UpdateIters = Passes };
        _engines = GenerationEngines.Fused(_actor, get_num_threads(), machine.ComputeKernel, machine.Precision);
        _worker = new(_engines, sampling, new StopCriteria { TokenIds = [] }, samplesPerPrompt: 1);
        _builder = new(_actor, _reference, _critic, new RewardModelSource(_reward), new ScoreShaper(ppo), ppo, sampling);
        BatchSettings batches = new() { PerDeviceTrainBatchSize = sequences / OptimizerSteps, GradientAccumulationSteps = 1 };
        _updater = new(_actor, _critic, _actorOptimizer, _criticOptimizer, ppo, batches, sampling.Temperature, seed: 1);
        CounterRandom random = new(1, RandomPurpose.Rollout);
        Dialogue dialogue = new() { Src = ["a"], Tgt = [] };
        _prompts = [.. Enumerable.Range(0, sequences).Select(_ =>
            new Prompt(dialogue, [.. Enumerable.Range(0, PromptLength).Select(_ => random.NextInt(_actor.Config.VocabularySize))]))];
    }

    /// <summary>Seconds of rollout, scores and update: the median of some steps after the first.</summary>
    public (double Rollout, double Score, double Update) Measure()
    {
        List<(double Rollout, double Score, double Update)> times = [];
        for (int step = 1; step <= Steps; step++)
        {
            using var scope = NewDisposeScope();
            int key = step;
            BenchmarkClock clock = BenchmarkClock.Start();
            IReadOnlyList<Sequence> rollout = _worker.Answer(_prompts, i => new CounterRandom(1, RandomPurpose.Rollout, key, i));
            double rolled = clock.Seconds;
            using Experience experience = _builder.Build(rollout, klCoefficient: 0.02);
            double scored = clock.Seconds;
            _updater.Update(experience, step, new MetricAccumulator());
            times.Add((rolled, scored - rolled, clock.Seconds - scored));
        }

        return times.Skip(1).OrderBy(time => time.Rollout + time.Score + time.Update).ElementAt((Steps - 1) / 2);
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
    }

    private static double BlockParameters(IEnumerable<(string Name, TorchSharp.Modules.Parameter Value)> named) =>
        named.Where(p => p.Name.Contains(".layers.", StringComparison.Ordinal)).Sum(p => (double)p.Value.numel());
}
