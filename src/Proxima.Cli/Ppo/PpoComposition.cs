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
using Proxima.Training.Ranks;
using TorchSharp;
using static TorchSharp.torch;

namespace Proxima.Cli.Ppo;

/// <summary>Builds a PPO run from its inputs and models, and runs it.</summary>
internal sealed class PpoComposition(
    PpoInputs inputs, PpoModels models, GenerationEngines engines, PpoRewards rewards, StopSignals stop, SharedWork work, IRunDisplay display)
{
    private readonly PpoCommandSettings _settings = inputs.Settings;

    /// <summary>Trains, or evaluates once when do_train is false.</summary>
    /// <returns>done, or stopped by a signal</returns>
    public ExitCode Run()
    {
        work.Ranks.Barrier("a look at the folder of the run"); // a rank that still looks would find it taken
        using IDisposable? held = work.Leads ? inputs.Folder.Begin() : null;
        using RunDashboard? dashboard = work.Leads ? RunDashboard.StartIfAskedFor(inputs.Folder, _settings.Run, display) : null;
        return GuardedRun.Run(inputs.Folder, stop, () =>
        {
            if (work.Leads)
            {
                PpoSettingsLoader.WriteRunConfig(inputs.Folder.ConfigPath, _settings);
            }

            work.Ranks.Barrier("the folder of the run");
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
        Record(afterStep: 0);
        using RunMetrics log = OpenLog(lastStep: -1);
        display.Begin(0, 0);
        EvaluationOf(log, RestingWeights.AlwaysWhole)!.Run(step: 0);
    }

    private void Train(BatchPlan plan)
    {
        Report(plan);
        OptimizerSettings optimizer = _settings.Optimizer;
        using ShardedRanks ranks = models.Device.Hold(work.Ranks, _settings.Machine, display.Note);
        using ModelOptimizer actor = models.ActorOptimizer(LearningRateSchedule.ForActor(optimizer, plan.TotalOptimizerSteps), optimizer, ranks);
        using ModelOptimizer critic = models.CriticOptimizer(LearningRateSchedule.ForCritic(optimizer, plan.TotalOptimizerSteps), optimizer, ranks);
        using PpoMemory memory = PpoMemory.Of(models, _settings.Machine, actor, critic, ranks);
        var shaper = new ScoreShaper(_settings.Ppo);
        var controller = new KlController(_settings.Ppo);
        TaskMixer mixer = inputs.TrainingTask!.CreateMixer(_settings.Run.Seed, TaskPurpose.Training);
        TaskMixer? dialogues = inputs.PtxTask?.CreateMixer(_settings.Run.Seed, TaskPurpose.Ptx);
        var metrics = new MetricAccumulator();
        var ppoState = new PpoState(shaper, controller, _settings.Machine.ComputeKernel, dialogues);
        var state = new TrainingState(_settings.Run.Seed, mixer, [actor, critic], metrics, models.Precision, ppoState);
        using var checkpoints = new CheckpointStore(inputs.Folder, state, SaveModels, _settings.Run, work);
        var session = new TrainingSession(inputs.Folder, _settings.Run, checkpoints, work, stop, display);
        int? resumedAfter = session.Resume(inputs.Checkpoint);
        int lastStep = resumedAfter ?? 0;
        Record(lastStep);
        using RunMetrics log = OpenLog(resumedAfter ?? -1);
        var samples = new SampleLog(inputs.Folder.SamplesPath, work.Leads ? _settings.Run.LogSamplesPerStep : 0, inputs.Text.Tokenizer);
        var calendar = new StepCalendar(_settings.Run, plan.TotalSteps, plan.StepsPerEpoch);
        var stepLog = new StepLog(metrics, calendar, log, display);
        var milestones = new Milestones(calendar, stepLog, EvaluationOf(log, memory.Weights), checkpoints, state, _settings.Run, display, work);
        var trainer = new PpoTrainer(
            Prompts(plan, mixer),
            Worker(engines, _settings.Sampling.NumReturnSequences, work, memory.Weights),
            new ExperienceBuilder(models.Actor, models.Reference, models.Critic, rewards.Source, shaper, _settings.Ppo, _settings.Sampling, work, memory.Weights),
            new PpoUpdater(
                models.Actor, models.Critic, actor, critic, _settings.Ppo, _settings.Batch, _settings.Sampling.Temperature, _settings.Run.Seed,
                Ptx(plan, dialogues), work, memory.Weights),
            controller, new StepReporter(stepLog, samples, display, Budget(), work.Ranks), milestones, plan.TotalSteps, plan.OptimizerStepsPerStep,
            _settings.Run.Seed, display);
        state.MarkBoundary(lastStep);
        session.Train(() =>
        {
            WriteReferenceAnswers(lastStep, samples); // by one rank alone: all models are whole up to here
            memory.Weights.Rest();
            trainer.Train(lastStep);
        });
        session.LoadBest(state.Best);
        actor.GatherMasters();
        critic.GatherMasters();
        if (work.Leads)
        {
            AtomicFolder.Replace(inputs.Folder.ActorPath, folder => models.SaveActor(folder, actor.Parameters.Named));
            AtomicFolder.Replace(inputs.Folder.CriticPath, folder => models.SaveCritic(folder, critic.Parameters.Named));
        }

        display.Note($"saved {inputs.Folder.ActorPath} and {inputs.Folder.CriticPath}");

        void SaveModels(string folder, LearnedNumbers numbers)
        {
            models.SaveActor(Path.Combine(folder, RunFolder.ActorName), () => numbers.Weights(actor.ModelName));
            models.SaveCritic(Path.Combine(folder, RunFolder.CriticName), () => numbers.Weights(critic.ModelName));
        }
    }

    private void Record(int afterStep) =>
        StartRecord.Append(inputs.Folder, PpoRecord.Of(inputs, models.Device, models.Precision, work.Ranks.Size, afterStep), work);

    private RunMetrics OpenLog(int lastStep)
    {
        if (!work.Leads)
        {
            return RunMetrics.Nowhere();
        }

        GzipLines.Trim(inputs.Folder.SamplesPath, lastStep);
        return RunMetrics.OpenAfter(inputs.Folder, _settings.Run, lastStep, TimeProvider.System);
    }

    /// <summary>Once, before the first step; a resumed run finds them in the file.</summary>
    private void WriteReferenceAnswers(int lastStep, SampleLog samples)
    {
        if (lastStep == 0 && inputs.EvaluationPrompts is { } prompts)
        {
            try
            {
                work.LeadDo("the answers of the reference", () => WriteReferenceAnswers(prompts, samples));
            }
            catch (NonFiniteException fault)
            {
                display.Note($"no answers of the reference, {fault.Message}");
            }
        }
    }

    private void WriteReferenceAnswers(IReadOnlyList<Prompt> prompts, SampleLog samples)
    {
        if (!File.Exists(inputs.Folder.SamplesPath))
        {
            models.Reference.Use(model =>
            {
                using GenerationEngines reference = Composition.Engines(model, _settings.Sampling, _settings.Machine);
                new ReferenceAnswers(Worker(reference, samplesPerPrompt: 1, SharedWork.Alone(), RestingWeights.AlwaysWhole), rewards.Source, prompts, _settings.Run, samples).Write();
            });
        }
    }

    private RolloutWorker Worker(GenerationEngines model, int samplesPerPrompt, SharedWork sharing, RestingWeights weights) =>
        new(model, _settings.Sampling, inputs.Text.Ends, samplesPerPrompt, sharing, weights, stop.Token);

    private void Report(BatchPlan plan)
    {
        IEnumerable<string> lines =
        [
            .. RankedRun.Lines(work.Ranks, _settings.Machine), .. models.Lines(), $"device: {models.Device.Reason}", $"precision: {models.Precision.Description}",
            $"generation: {engines.Description}", .. inputs.Notes,
        ];
        foreach (string line in lines)
        {
            display.Note(line);
        }

        display.Note(
            $"a step: {plan.GlobalPrompts} prompts x {_settings.Sampling.NumReturnSequences} responses = {plan.Ranks * plan.SequencesPerRollout} sequences; "
            + $"{plan.Passes} passes x {plan.OptimizerStepsPerPass} optimizer steps of {plan.Ranks * plan.MicroBatchesPerOptimizerStep} x {plan.SequencesPerMicroBatch} sequences");
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

    private Evaluation? EvaluationOf(RunMetrics log, RestingWeights weights)
    {
        if (inputs.EvaluationPrompts is not { } prompts)
        {
            return null;
        }

        var evaluator = new Evaluator(
            models.Actor, models.Reference, rewards.Source, rewards.Gold, inputs.Text.Tokenizer,
            Worker(engines, _settings.Run.EvalNumReturnSequences, work, weights), prompts, _settings.Run, _settings.Sampling,
            _settings.Batch.PerDeviceEvalBatchSize, work, weights);
        return new Evaluation(Measure, log, display);

        IReadOnlyDictionary<string, double> Measure(int step)
        {
            EvaluationReport report = evaluator.Evaluate();
            EvaluationSamples.Write(inputs.Folder.EvaluationPath(step, work.Ranks.Rank), report.Samples);
            return report.Metrics;
        }
    }

    private ComputeBudget Budget() => new()
    {
        LanguageModelParameters = models.ActorSize.Blocks + models.Actor.HeadWeight.numel(),
        BlockParameters = models.CriticSize.Blocks,
        RewardModelParameters = models.RewardSize?.Blocks ?? 0,
        Passes = _settings.Ppo.UpdateIters,
        PeakFlopsPerSecond = LibTorch.GemmSpeed(size: models.Device.Device.type == DeviceType.CPU ? 2048 : 8192, models.Precision.PeakType, models.Device.Device) * 1e9 * work.Ranks.Size,
    };
}
