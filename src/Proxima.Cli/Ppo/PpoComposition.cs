using Proxima.Cli.Runs;
using Proxima.Core;
using Proxima.Core.Display;
using Proxima.Core.Metrics;
using Proxima.Core.Ppo;
using Proxima.Core.Runs;
using Proxima.Core.Settings;
using Proxima.Data.Examples;
using Proxima.Data.Tasks;
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
        using IDisposable held = inputs.Folder.Begin();
        using RunDashboard? dashboard = RunDashboard.StartIfAskedFor(inputs.Folder, _settings.Run, display);
        return GuardedRun.Run(inputs.Folder, stop, () =>
        {
            PpoSettingsLoader.WriteRunConfig(inputs.Folder.ConfigPath, _settings);
            if (inputs is { TrainingTask: not null, Plan: { } plan })
            {
                Train(plan);
            }
            else
            {
                Evaluate();
            }
        });
    }

    private void Evaluate()
    {
        RunRecord.Append(inputs.Folder.RecordPath, PpoRecord.Of(inputs, models.Precision, afterStep: 0));
        using RunMetrics log = RunMetrics.OpenAfter(inputs.Folder, _settings.Run, lastStep: -1, TimeProvider.System);
        display.Begin(0, 0);
        EvaluationOf(log)!.Run(step: 0);
    }

    private void Train(BatchPlan plan)
    {
        Report(plan);
        OptimizerSettings optimizer = _settings.Optimizer;
        using ModelOptimizer actor = models.ActorOptimizer(LearningRateSchedule.ForActor(optimizer, plan.TotalOptimizerSteps), optimizer);
        using ModelOptimizer critic = models.CriticOptimizer(LearningRateSchedule.ForCritic(optimizer, plan.TotalOptimizerSteps), optimizer);
        var shaper = new ScoreShaper(_settings.Ppo);
        var controller = new KlController(_settings.Ppo);
        TaskMixer mixer = inputs.TrainingTask!.CreateMixer(_settings.Run.Seed, TaskPurpose.Training);
        TaskMixer? dialogues = inputs.PtxTask?.CreateMixer(_settings.Run.Seed, TaskPurpose.Ptx);
        var metrics = new MetricAccumulator();
        var ppoState = new PpoState(shaper, controller, _settings.Machine.ComputeKernel, dialogues);
        var state = new TrainingState(_settings.Run.Seed, mixer, [actor, critic], metrics, models.Precision, ppoState);
        var checkpoints = new CheckpointStore(inputs.Folder, state, SaveModels, _settings.Run);
        var session = new TrainingSession(inputs.Folder, _settings.Run, checkpoints, stop, display);
        int? resumedAfter = session.Resume(inputs.Checkpoint);
        int lastStep = resumedAfter ?? 0;
        RunRecord.Append(inputs.Folder.RecordPath, PpoRecord.Of(inputs, models.Precision, lastStep));
        using RunMetrics log = RunMetrics.OpenAfter(inputs.Folder, _settings.Run, resumedAfter ?? -1, TimeProvider.System);
        GzipLines.Trim(inputs.Folder.SamplesPath, resumedAfter ?? -1);
        var samples = new SampleLog(inputs.Folder.SamplesPath, _settings.Run.LogSamplesPerStep, inputs.Text.Tokenizer);
        var calendar = new StepCalendar(_settings.Run, plan.TotalSteps, plan.StepsPerEpoch);
        var stepLog = new StepLog(metrics, calendar, log, display);
        var milestones = new Milestones(calendar, stepLog, EvaluationOf(log), checkpoints, state, _settings.Run, display, stop.Token);
        var trainer = new PpoTrainer(
            Prompts(plan, mixer),
            Worker(engines, _settings.Sampling.NumReturnSequences),
            new ExperienceBuilder(models.Actor, models.Reference, models.Critic, rewards.Source, shaper, _settings.Ppo, _settings.Sampling),
            new PpoUpdater(
                models.Actor, models.Critic, actor, critic, _settings.Ppo, _settings.Batch, _settings.Sampling.Temperature, _settings.Run.Seed,
                Ptx(plan, dialogues)),
            controller, new StepReporter(stepLog, samples, display, Budget()), milestones, plan.TotalSteps, _settings.Run.Seed, display);
        state.MarkBoundary(lastStep);
        session.Train(() =>
        {
            WriteReferenceAnswers(lastStep, samples);
            trainer.Train(lastStep);
        });
        session.LoadBest(state.Best);
        AtomicFolder.Replace(inputs.Folder.ActorPath, folder => models.SaveActor(folder, actor.Parameters));
        AtomicFolder.Replace(inputs.Folder.CriticPath, folder => models.SaveCritic(folder, critic.Parameters));
        display.Note($"saved {inputs.Folder.ActorPath} and {inputs.Folder.CriticPath}");

        void SaveModels(string folder)
        {
            models.SaveActor(Path.Combine(folder, RunFolder.ActorName), actor.Parameters);
            models.SaveCritic(Path.Combine(folder, RunFolder.CriticName), critic.Parameters);
        }
    }

    /// <summary>Once, before the first step; a resumed run finds them in the file.</summary>
    private void WriteReferenceAnswers(int lastStep, SampleLog samples)
    {
        if (lastStep == 0 && inputs.EvaluationPrompts is { } prompts && !File.Exists(inputs.Folder.SamplesPath))
        {
            models.Reference.Use(model =>
            {
                using GenerationEngines reference = Composition.Engines(model, _settings.Sampling, _settings.Machine);
                new ReferenceAnswers(Worker(reference, samplesPerPrompt: 1), rewards.Source, prompts, _settings.Run, samples).Write();
            });
        }
    }

    private RolloutWorker Worker(GenerationEngines model, int samplesPerPrompt) =>
        new(model, _settings.Sampling, inputs.Text.Ends, samplesPerPrompt, stop.Token);

    private void Report(BatchPlan plan)
    {
        foreach (string line in models.Lines().Append($"precision: {models.Precision.Description}").Append($"generation: {engines.Description}").Concat(inputs.Notes))
        {
            display.Note(line);
        }

        display.Note(
            $"a step: {plan.GlobalPrompts} prompts x {_settings.Sampling.NumReturnSequences} responses = {plan.SequencesPerRollout} sequences; "
            + $"{plan.Passes} passes x {plan.OptimizerStepsPerPass} optimizer steps of {plan.MicroBatchesPerOptimizerStep} x {plan.SequencesPerMicroBatch} sequences");
        display.Note(
            $"the run: {inputs.TrainingTask!.LineCount} training prompts, {plan.StepsPerEpoch} steps an epoch, {plan.TotalSteps} steps, "
            + $"{plan.TotalOptimizerSteps} optimizer steps; {get_num_threads()} threads; {inputs.Folder.FullPath}");
        if (inputs.PtxTask is { } ptx)
        {
            display.Note($"ptx: {ptx.LineCount} supervised examples, one beside each sequence of an optimizer step; ptx_coeff {_settings.Ppo.PtxCoeff}");
        }
    }

    private ExampleFeed<Prompt> Prompts(BatchPlan plan, TaskMixer mixer) => new(
        inputs.TrainingTask!,
        mixer,
        inputs.Text.EncodePrompt,
        plan.GlobalPrompts);

    /// <summary>One dialogue beside each sequence of an optimizer step, in an order of its own.</summary>
    private PtxLoss? Ptx(BatchPlan plan, TaskMixer? mixer)
    {
        if (inputs.PtxTask is not { } task || mixer is null)
        {
            return null;
        }

        int dialogues = plan.Ranks * plan.MicroBatchesPerOptimizerStep * plan.SequencesPerMicroBatch;
        return new PtxLoss(
            models.Actor, new ExampleFeed<EncodedExample>(inputs.PtxTask!, mixer, inputs.Text.EncodeExample, dialogues), _settings.Ppo, plan.SequencesPerMicroBatch);
    }

    private Evaluation? EvaluationOf(RunMetrics log)
    {
        if (inputs.EvaluationPrompts is not { } prompts)
        {
            return null;
        }

        var evaluator = new Evaluator(
            models.Actor, models.Reference, rewards.Source, rewards.Gold, inputs.Text.Tokenizer,
            Worker(engines, _settings.Run.EvalNumReturnSequences), prompts, _settings.Run, _settings.Sampling,
            _settings.Batch.PerDeviceEvalBatchSize);
        return new Evaluation(Measure, log, display);

        IReadOnlyDictionary<string, double> Measure(int step)
        {
            EvaluationReport report = evaluator.Evaluate();
            EvaluationSamples.Write(inputs.Folder.EvaluationPath(step, rank: 0), report.Samples);
            return report.Metrics;
        }
    }

    private ComputeBudget Budget()
    {
        double actorBlocks = BlockParameters(models.Actor.NamedParameters());
        return new ComputeBudget
        {
            LanguageModelParameters = actorBlocks + models.Actor.HeadWeight.numel(),
            BlockParameters = BlockParameters(models.Critic.NamedParameters()),
            RewardModelParameters = models.Reward?.Use(model => BlockParameters(model.NamedParameters())) ?? 0,
            Passes = _settings.Ppo.UpdateIters,
            PeakFlopsPerSecond = LibTorch.MeasureGemm(size: 2048, models.Precision.Bf16Products ?? ScalarType.Float32) * 1e9,
        };
    }

    private static double BlockParameters(IEnumerable<(string Name, TorchSharp.Modules.Parameter Value)> named) =>
        named.Where(p => p.Name.Contains(".layers.", StringComparison.Ordinal) || p.Name.Contains(".h.", StringComparison.Ordinal))
            .Sum(p => (double)p.Value.numel());
}
