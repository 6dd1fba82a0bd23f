using Proxima.Core;
using Proxima.Core.Display;
using Proxima.Core.Metrics;
using Proxima.Core.Ppo;
using Proxima.Core.Runs;
using Proxima.Core.Settings;
using Proxima.Generation;
using Proxima.Models.Native;
using Proxima.Training;
using Proxima.Training.Checkpoints;
using Proxima.Training.Optimization;
using static TorchSharp.torch;

namespace Proxima.Cli.Ppo;

/// <summary>Builds a PPO run from its inputs and models, and runs it.</summary>
internal sealed class PpoComposition(
    PpoInputs inputs, PpoModels models, GenerationEngines engines, PpoRewards rewards, StopSignals stop, IRunDisplay display)
{
    private readonly PpoCommandSettings _settings = inputs.Settings;

    /// <summary>Trains, or evaluates once when do_train is false.</summary>
    /// <returns>done, or stopped by a signal</returns>
    public ExitCode Run()
    {
        inputs.Folder.Begin();
        LoadedPpoSettings.WriteRunConfig(inputs.Folder.ConfigPath, _settings);
        try
        {
            if (inputs is { TrainingTask: not null, Plan: { } plan })
            {
                Train(plan);
            }
            else
            {
                Evaluate();
            }

            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (stop.Received != ExitCode.Done)
        {
            return stop.Received;
        }
    }

    private void Evaluate()
    {
        RunRecord.Append(inputs.Folder.RecordPath, PpoRecord.Of(inputs, afterStep: 0));
        using RunMetrics log = RunMetrics.OpenAfter(inputs.Folder, _settings.Run, lastStep: -1, TimeProvider.System);
        display.Begin(0, 0);
        EvaluationOf(log)!.Run(step: 0);
    }

    private void Train(BatchPlan plan)
    {
        Report(plan);
        using ModelOptimizer actor = ActorOptimizer(plan);
        using ModelOptimizer critic = CriticOptimizer(plan);
        var shaper = new ScoreShaper(_settings.Ppo);
        var controller = new KlController(_settings.Ppo);
        PromptFeed prompts = Prompts(plan);
        var metrics = new MetricAccumulator();
        var state = new TrainingState(_settings.Run.Seed, _settings.Machine.ComputeKernel, prompts, actor, critic, shaper, controller, metrics);
        var checkpoints = new CheckpointStore(inputs.Folder, state, models.Save, _settings.Run);
        int? resumedAfter = Resume(checkpoints);
        int lastStep = resumedAfter ?? 0;
        RunRecord.Append(inputs.Folder.RecordPath, PpoRecord.Of(inputs, lastStep));
        using RunMetrics log = RunMetrics.OpenAfter(inputs.Folder, _settings.Run, resumedAfter ?? -1, TimeProvider.System);
        GzipLines.Trim(inputs.Folder.SamplesPath, resumedAfter ?? -1);
        var samples = new SampleLog(inputs.Folder.SamplesPath, _settings.Run.LogSamplesPerStep, inputs.Tokenizer);
        var calendar = new StepCalendar(_settings.Run, plan.TotalSteps, plan.StepsPerEpoch);
        var reporter = new StepReporter(metrics, calendar, log, samples, display, Budget());
        var milestones = new Milestones(calendar, reporter, EvaluationOf(log), checkpoints, state, _settings.Run, display, stop.Token);
        var trainer = new PpoTrainer(
            prompts,
            Worker(engines, _settings.Sampling.NumReturnSequences),
            new ExperienceBuilder(models.Actor, models.Reference, models.Critic, rewards.Source, shaper, _settings.Ppo, _settings.Sampling),
            new PpoUpdater(
                models.Actor, models.Critic, actor, critic, _settings.Ppo, _settings.Batch, _settings.Sampling.Temperature, _settings.Run.Seed),
            controller, reporter, milestones, plan.TotalSteps, _settings.Run.Seed, display);
        state.MarkBoundary(lastStep);
        try
        {
            WriteReferenceAnswers(lastStep, samples);
            trainer.Train(lastStep);
        }
        catch (Exception exception) when (IsStop(exception))
        {
            display.Note($"saved {checkpoints.SaveBoundary()}; go on with --resume_from_checkpoint auto");
            throw;
        }

        SaveEnd(checkpoints, state);
    }

    /// <summary>A signal, or a source of rewards that has gone: nothing is wrong with the state of the last boundary.</summary>
    private bool IsStop(Exception exception) =>
        exception is ProximaException { ExitCode: ExitCode.RewardSource }
        || (exception is OperationCanceledException && stop.Received != ExitCode.Done);

    /// <summary>Takes over the checkpoint that was asked for.</summary>
    /// <returns>its step; null when the run starts anew</returns>
    private int? Resume(CheckpointStore checkpoints)
    {
        if (CheckpointStore.Find(inputs.Folder, _settings.Run) is not { } checkpoint)
        {
            return null;
        }

        int step = checkpoints.Load(checkpoint);
        display.Note($"going on from {checkpoint}, after step {step}");
        return step;
    }

    /// <summary>Once, before the first step; a resumed run finds them in the file.</summary>
    private void WriteReferenceAnswers(int lastStep, SampleLog samples)
    {
        if (lastStep == 0 && inputs.EvaluationPrompts is { } prompts && !File.Exists(inputs.Folder.SamplesPath))
        {
            using GenerationEngines reference = Composition.Engines(models.Reference, _settings);
            new ReferenceAnswers(Worker(reference, samplesPerPrompt: 1), rewards.Source, prompts, _settings.Run, samples).Write();
        }
    }

    private RolloutWorker Worker(GenerationEngines model, int samplesPerPrompt) =>
        new(model, _settings.Sampling, inputs.StopTokenIds, samplesPerPrompt, stop.Token);

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

    private Evaluation? EvaluationOf(RunMetrics log)
    {
        if (inputs.EvaluationPrompts is not { } prompts)
        {
            return null;
        }

        var evaluator = new Evaluator(
            models.Actor, models.Reference, rewards.Source, rewards.Gold, inputs.Tokenizer,
            Worker(engines, _settings.Run.EvalNumReturnSequences), prompts, _settings.Run, _settings.Sampling,
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
