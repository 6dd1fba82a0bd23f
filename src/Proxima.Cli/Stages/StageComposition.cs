using Proxima.Cli.Runs;
using Proxima.Core;
using Proxima.Core.Display;
using Proxima.Core.Metrics;
using Proxima.Core.Runs;
using Proxima.Core.Settings;
using Proxima.Core.Stages;
using Proxima.Data.Tasks;
using Proxima.Training;
using Proxima.Training.Checkpoints;
using Proxima.Training.Optimization;
using Proxima.Training.Ranks;
using Proxima.Training.Stages;
using static TorchSharp.torch;

namespace Proxima.Cli.Stages;

/// <summary>Builds a run of a stage before PPO, and runs it.</summary>
/// <typeparam name="TRoot">root settings record</typeparam>
/// <typeparam name="TExample">what it learns from</typeparam>
internal sealed class StageComposition<TRoot, TExample>(
    StageInputs<TRoot> inputs, IStage<TExample> stage, TrainingPrecision precision, RunDevice device, StopSignals stop, SharedWork work, IRunDisplay display)
    where TRoot : class, IStageSettings
{
    private readonly TRoot _settings = inputs.Settings;

    /// <summary>Trains to the end.</summary>
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
                StageSettingsLoader.WriteRunConfig(inputs.Folder.ConfigPath, _settings);
            }

            work.Ranks.Barrier("the folder of the run");
            Train();
        });
    }

    private void Train()
    {
        Report();
        using ShardedRanks ranks = device.Hold(work.Ranks, _settings.Machine, display.Note);
        using ModelOptimizer optimizer = stage.Optimizer(LearningRateSchedule.ForActor(_settings.Optimizer, inputs.Plan.TotalSteps), _settings.Optimizer, ranks);
        TaskMixer mixer = inputs.TrainingTask.CreateMixer(_settings.Run.Seed, TaskPurpose.Training);
        var metrics = new MetricAccumulator();
        var state = new TrainingState(_settings.Run.Seed, mixer, [optimizer], metrics, precision);
        using var checkpoints = new CheckpointStore(
            inputs.Folder, state, (folder, numbers) => stage.Save(Path.Combine(folder, RunFolder.ModelName), () => numbers.Weights(optimizer.ModelName)), _settings.Run,
            work);
        var session = new TrainingSession(inputs.Folder, _settings.Run, checkpoints, work, stop, display);
        int? resumedAfter = session.Resume(inputs.Checkpoint);
        int lastStep = resumedAfter ?? 0;
        StartRecord.Append(inputs.Folder, StartRecord.Of(lastStep, work.Ranks.Size, device, precision, Models(), Data()), work);
        using RunMetrics log = work.Leads ? RunMetrics.OpenAfter(inputs.Folder, _settings.Run, resumedAfter ?? -1, TimeProvider.System) : RunMetrics.Nowhere();
        var calendar = new StepCalendar(_settings.Run, inputs.Plan.TotalSteps, inputs.Plan.StepsPerEpoch);
        var stepLog = new StepLog(metrics, calendar, log, display);
        Evaluation? evaluation = stage.Evaluation() is { } measure ? new Evaluation(_ => Measure(optimizer.Weights, measure), log, display) : null;
        var milestones = new Milestones(calendar, stepLog, evaluation, checkpoints, state, _settings.Run, display, work);
        var examples = new LengthGroupedFeed<TExample>(
            inputs.TrainingTask, mixer, stage.Encode, stage.Length, inputs.Plan.ExamplesPerStep, _settings.Run.Seed);
        var trainer = new StageTrainer<TExample>(
            examples, stage.Tokens, stage.Updater(optimizer, work), stepLog, milestones, inputs.Plan.TotalSteps, display, work.Ranks);
        optimizer.Weights.Release();
        state.MarkBoundary(lastStep);
        session.Train(() => trainer.Train(lastStep));
        session.LoadBest(state.Best);
        optimizer.Weights.Gather();
        optimizer.GatherMasters();
        if (work.Leads && stage.Finish(optimizer.Parameters) is { } line)
        {
            display.Note(line);
        }

        if (work.Leads)
        {
            AtomicFolder.Replace(inputs.Folder.ModelPath, folder => stage.Save(folder, optimizer.Parameters.Named));
        }

        display.Note($"saved {inputs.Folder.ModelPath}");
    }

    private IReadOnlyDictionary<string, double> Measure(IDividedWeights weights, Func<SharedWork, CancellationToken, IReadOnlyDictionary<string, double>> measure)
    {
        using IDisposable whole = weights.Whole();
        return measure(work, stop.Token);
    }

    private void Report()
    {
        foreach (string line in RankedRun.Lines(work.Ranks, _settings.Machine))
        {
            display.Note(line);
        }

        long parameters = stage.NamedParameters.Sum(p => p.Value.numel());
        display.Note($"model {parameters,15:N0} parameters  {stage.Description}");
        display.Note($"device: {device.Reason}");
        foreach (string note in inputs.Notes)
        {
            display.Note(note);
        }

        StagePlan plan = inputs.Plan;
        display.Note(
            $"the run: {inputs.TrainingTask.LineCount} training examples, {plan.ExamplesPerStep} a step, {plan.StepsPerEpoch} steps an epoch, "
            + $"{plan.TotalSteps} steps; {get_num_threads()} threads, {precision.Description}; {inputs.Folder.FullPath}");
    }

    private Dictionary<string, string> Models() => new() { [RunFolder.ModelName] = inputs.ModelFolder };

    private IEnumerable<string> Data()
    {
        string?[] taskFiles = [_settings.Data.TrainTaskConfig, _settings.Data.EvalTaskConfig];
        IEnumerable<TaskSource> sources = new[] { inputs.TrainingTask, inputs.EvaluationTask }.OfType<DialogueTask>().SelectMany(task => task.Sources);
        return taskFiles.OfType<string>().Concat(sources.Select(source => source.FilePath));
    }
}
