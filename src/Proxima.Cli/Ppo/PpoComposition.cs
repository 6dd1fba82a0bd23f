using Proxima.Core;
using Proxima.Core.Display;
using Proxima.Core.Metrics;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;
using Proxima.Generation;
using Proxima.Models.Native;
using Proxima.Training;
using Proxima.Training.Checkpoints;
using Proxima.Training.Optimization;
using Proxima.Training.Rewards;
using static TorchSharp.torch;

namespace Proxima.Cli.Ppo;

/// <summary>Builds a PPO run from its inputs and models, and runs it.</summary>
internal sealed class PpoComposition(PpoInputs inputs, PpoModels models, GenerationEngines engines, IRunDisplay display)
{
    private readonly PpoCommandSettings _settings = inputs.Settings;

    /// <summary>Trains, or evaluates once when do_train is false.</summary>
    public void Run()
    {
        IRewardSource rewardSource = RewardSource();
        inputs.Folder.Begin();
        LoadedPpoSettings.WriteRunConfig(inputs.Folder.ConfigPath, _settings);
        if (inputs is { TrainingTask: not null, Plan: { } plan })
        {
            Train(plan, rewardSource);
        }
        else
        {
            using MetricsLog log = MetricsLog.Open(inputs.Folder.MetricsPath);
            display.Begin(0, 0);
            EvaluationOf(rewardSource, log)!.Run(step: 0);
        }
    }

    private void Train(BatchPlan plan, IRewardSource rewardSource)
    {
        Report(plan);
        using ModelOptimizer actor = ActorOptimizer(plan);
        using ModelOptimizer critic = CriticOptimizer(plan);
        var shaper = new ScoreShaper(_settings.Ppo);
        var controller = new KlController(_settings.Ppo);
        PromptFeed prompts = Prompts(plan);
        var metrics = new MetricAccumulator();
        var state = new TrainingState(_settings.Run.Seed, prompts, actor, critic, shaper, controller, metrics);
        var checkpoints = new CheckpointStore(inputs.Folder, state, models.Save, _settings.Run);
        int lastStep = 0;
        if (checkpoints.Find() is { } checkpoint)
        {
            lastStep = checkpoints.Load(checkpoint);
            display.Note($"going on from {checkpoint}, after step {lastStep}");
        }

        using MetricsLog log = MetricsLog.OpenAfter(inputs.Folder.MetricsPath, lastStep);
        var calendar = new StepCalendar(_settings.Run, plan.TotalSteps, plan.StepsPerEpoch);
        var reporter = new StepReporter(metrics, calendar, log, display, Budget());
        var milestones = new Milestones(calendar, reporter, EvaluationOf(rewardSource, log), checkpoints, state, _settings.Run, display);
        var trainer = new PpoTrainer(
            prompts,
            new RolloutWorker(engines, _settings.Sampling, inputs.StopTokenIds, _settings.Sampling.NumReturnSequences),
            new ExperienceBuilder(models.Actor, models.Reference, models.Critic, rewardSource, shaper, _settings.Ppo, _settings.Sampling),
            new PpoUpdater(
                models.Actor, models.Critic, actor, critic, _settings.Ppo, _settings.Batch, _settings.Sampling.Temperature, _settings.Run.Seed),
            controller, reporter, milestones, plan.TotalSteps, _settings.Run.Seed, display);
        trainer.Train(lastStep);
        SaveEnd(checkpoints, state);
    }

    private void Report(BatchPlan plan)
    {
        foreach (string line in models.Lines().Append($"generation: {engines.Description}").Concat(inputs.Notes))
        {
            display.Note(line);
        }

        display.Note(
            $"a step: {plan.GlobalPrompts} prompts x {_settings.Sampling.NumReturnSequences} responses = {plan.SequencesPerRollout} sequences; "
            + $"{plan.Passes} passes x {plan.OptimizerStepsPerPass} optimizer steps of {plan.MicroBatchesPerOptimizerStep} x {plan.SequencesPerMicroBatch} sequences");
        display.Note(
            $"the run: {inputs.TrainingTask!.LineCount} training prompts, {plan.StepsPerEpoch} steps an epoch, {plan.TotalSteps} steps, "
            + $"{plan.TotalOptimizerSteps} optimizer steps; {get_num_threads()} threads; {inputs.Folder.FullPath}");
    }

    private ModelOptimizer ActorOptimizer(BatchPlan plan) => new(
        "actor", models.Actor.NamedParameters(), LearningRateSchedule.ForActor(_settings.Optimizer, plan.TotalOptimizerSteps),
        _settings.Optimizer, _settings.Optimizer.WeightDecay);

    private ModelOptimizer CriticOptimizer(BatchPlan plan) => new(
        "critic", models.Critic.NamedParameters(), LearningRateSchedule.ForCritic(_settings.Optimizer, plan.TotalOptimizerSteps),
        _settings.Optimizer, _settings.Optimizer.CriticWeightDecay);

    private PromptFeed Prompts(BatchPlan plan) => new(
        inputs.TrainingTask!,
        inputs.TrainingTask!.CreateMixer(_settings.Run.Seed, Data.Tasks.TaskPurpose.Training),
        dialogue => inputs.Encoder.EncodePrompt(dialogue, _settings.Sampling.MaxPromptLen!.Value).Ids,
        plan.GlobalPrompts);

    private IRewardSource RewardSource()
    {
        IRewardSource source = models.Reward is { } reward ? new RewardModelSource(reward) : Function(_settings.Reward.RewardFunction!);
        return _settings.Reward.RewardScale == 1 ? source : new ScaledRewardSource(source, _settings.Reward.RewardScale);
    }

    private LexiconRewardSource Function(string name) => name == "lexicon"
        ? new LexiconRewardSource(new LexiconScorer(_settings.Reward.RewardLexicon!), inputs.Tokenizer)
        : throw new ProximaException(ExitCode.Internal, $"reward function {name} passed validation but is not built");

    private Evaluation? EvaluationOf(IRewardSource rewardSource, MetricsLog log)
    {
        if (inputs.EvaluationPrompts is not { } prompts)
        {
            return null;
        }

        IRewardSource? gold = _settings.Reward.EvalRewardFunction is { } name ? Function(name) : null;
        var worker = new RolloutWorker(engines, _settings.Sampling, inputs.StopTokenIds, _settings.Run.EvalNumReturnSequences);
        var evaluator = new Evaluator(
            models.Actor, models.Reference, rewardSource, gold, inputs.Tokenizer, worker, prompts, _settings.Run, _settings.Sampling,
            _settings.Batch.PerDeviceEvalBatchSize);
        return new Evaluation(evaluator, inputs.Folder, log, display);
    }

    private ComputeBudget Budget()
    {
        double actorBlocks = BlockParameters(models.Actor.NamedParameters());
        return new ComputeBudget
        {
            LanguageModelParameters = actorBlocks + models.Actor.HeadWeight.numel(),
            BlockParameters = BlockParameters(models.Critic.NamedParameters()),
            RewardModelParameters = models.Reward is { } reward ? BlockParameters(reward.NamedParameters()) : 0,
            Passes = _settings.Ppo.UpdateIters,
            PeakFlopsPerSecond = LibTorch.MeasureGemm(size: 2048) * 1e9,
        };
    }

    private static double BlockParameters(IEnumerable<(string Name, TorchSharp.Modules.Parameter Value)> named) =>
        named.Where(p => p.Name.Contains(".layers.", StringComparison.Ordinal) || p.Name.Contains(".h.", StringComparison.Ordinal))
            .Sum(p => (double)p.Value.numel());

    /// <summary>Writes the final models: those of the best evaluation when that was asked for.</summary>
    private void SaveEnd(CheckpointStore checkpoints, TrainingState state)
    {
        if (_settings.Run.LoadBestModelAtEnd && state.Best.Step is int best)
        {
            checkpoints.Load(inputs.Folder.CheckpointPath(best));
            display.Note($"the best {_settings.Run.MetricForBestModel}, {state.Best.Metric:0.0000}, was at step {best}; its weights are the run's result");
        }

        models.Save(inputs.Folder.FullPath);
        display.Note($"saved {inputs.Folder.ActorPath} and {inputs.Folder.CriticPath}");
    }
}
