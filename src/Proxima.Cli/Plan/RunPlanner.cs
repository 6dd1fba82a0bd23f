using System.Diagnostics;
using Proxima.Cli.Ppo;
using Proxima.Core.Display;
using Proxima.Core.Ppo;
using Proxima.Core.Settings;
using Proxima.Generation;
using Proxima.Models;
using Proxima.Models.Native;
using Proxima.Training;
using Proxima.Training.Planning;
using static TorchSharp.torch;

namespace Proxima.Cli.Plan;

/// <summary>Plans a PPO run: sizes from the model folders, lengths from the data, time and activations from a calibration.</summary>
internal sealed class RunPlanner
{
    private const int PromptsThatTell = 10_000;
    private const double Gigabyte = 1e9;
    private const double Microseconds = 1e6; // of a second

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly PlanSettings _plan;
    private readonly PpoInputs _inputs;
    private readonly (ModelSize Actor, ModelSize Critic, ModelSize? Reward) _models;
    private double _process;
    private readonly double _memory;

    /// <param name="inputs">the run, read and checked, with a training task</param>
    /// <param name="plan">arguments of the plan</param>
    public RunPlanner(PpoInputs inputs, PlanSettings plan)
    {
        _inputs = inputs;
        _plan = plan;
        ModelSettings folders = inputs.Settings.Model;
        ModelSize actor = ModelSize.Of(folders.ActorModelNameOrPath!);
        ModelSize? reward = folders.RewardModelNameOrPath is { } path ? ModelSize.Of(path) : null;
        ModelSize? first = inputs.RewardText is { HasOwnTokenizer: true } ? null : reward;
        _models = (actor, folders.CriticModelNameOrPath is { } critic ? ModelSize.Of(critic) : first ?? actor, reward);
        NativeHeap.GiveBack();
        _process = ProcessMemory.Gigabytes().Resident * Gigabyte;
        _memory = plan.MemoryGb * Gigabyte ?? MachineSpace.Memory(_process);
    }

    /// <summary>Plans.</summary>
    public PlanResult Plan()
    {
        PpoCommandSettings settings = _inputs.Settings;
        BatchPlan batch = BatchPlan.Create(settings, _inputs.TrainingTask!.LineCount, _plan.Ranks);
        RunShape shape = Shape(settings, batch);
        TrainingPrecision precision = TrainingPrecision.Of(settings.Machine, earlierProducts: null);
        var calendar = new StepCalendar(settings.Run, batch.TotalSteps, batch.StepsPerEpoch);
        DiskPlan disk = DiskPlan.Of(_models.Actor, _models.Critic, settings.Run, calendar, batch.TotalSteps);
        var forecast = new StepForecast(settings, shape, _models, precision);
        bool isHopeless = Resting(settings, precision).Peak > _memory;
        IReadOnlyList<PhaseForecast> phases = isHopeless ? [] : forecast.Phases();
        NativeHeap.GiveBack();
        _process = Math.Max(_process, ProcessMemory.Gigabytes().Resident * Gigabyte); // with the code and buffers that a step needs
        MemoryPlan memory = isHopeless ? Resting(settings, precision) : Memory(settings, precision, forecast);
        var table = new RankTable(memory, batch, Ranks(settings, batch));
        double stepSeconds = phases.Where(phase => phase.Phase != RunPhase.Evaluate).Sum(phase => phase.Seconds);
        double diskFree = MachineSpace.Disk(settings.Run.OutputDir!);
        return new PlanResult
        {
            Batch = batch,
            RolloutTokens = shape.RolloutTokens,
            MeanPrompt = shape.MeanPrompt,
            LongestSequence = shape.LongestSequence,
            Machine = $"{precision.Description}, {get_num_threads()} threads",
            Phases = phases,
            Evaluations = Evaluations(settings, calendar, batch),
            PeakFlopsPerSecond = forecast.PeakFlopsPerSecond,
            Memory = memory.Items(),
            PeakBytes = memory.Peak,
            MemoryBytes = _memory,
            Disk = disk,
            DiskBytes = diskFree,
            Plan = _plan,
            Ranks = _plan.Ranks > 1 ? table.Rows() : [],
            Scaling = _plan.Ranks > 1 && !isHopeless ? table.Scaling(settings.Machine.Sharding, stepSeconds) : [],
            Refusals = [.. new PlanRefusals(_memory, diskFree, _plan.Ranks).Of(settings, memory.Peak, disk, PeakWith)],
            PlanningSeconds = Stopwatch.GetElapsedTime(_started).TotalSeconds,
        };

        double PeakWith(PpoCommandSettings changed)
        {
            TrainingPrecision type = TrainingPrecision.Of(changed.Machine, earlierProducts: null);
            MemoryPlan resting = Resting(changed, type);
            if (resting.Peak > _memory)
            {
                return resting.Peak;
            }

            BatchPlan other = BatchPlan.Create(changed, _inputs.TrainingTask!.LineCount, _plan.Ranks);
            return Memory(changed, type, new StepForecast(changed, Shape(changed, other), _models, type)).Peak;
        }
    }

    /// <summary>Without what a step takes for itself: a lower bound.</summary>
    private MemoryPlan Resting(PpoCommandSettings settings, TrainingPrecision precision) => new()
    {
        Process = _process,
        Actor = _models.Actor,
        Critic = _models.Critic,
        Reward = _models.Reward,
        Copies = precision.Copies,
        NarrowFrozen = precision.Frozen == ScalarType.BFloat16,
        Offload = settings.Machine.Offload,
        AsyncSave = settings.Run.AsyncSave && settings.Run.SaveStrategy != IntervalStrategy.No,
        Sharding = _plan.Ranks > 1 ? settings.Machine.Sharding : Sharding.None,
        GroupSize = settings.Machine.ShardingParallelDegree ?? _plan.Ranks,
        Engine = new EngineMemory(0, 0, 0),
        ScoreActivations = 0,
        UpdateActivations = 0,
    };

    private MemoryPlan Memory(PpoCommandSettings settings, TrainingPrecision precision, StepForecast forecast)
    {
        (EngineMemory rollout, EngineMemory? evaluation) = forecast.EngineMemories();
        return Resting(settings, precision) with
        {
            Engine = rollout,
            EvaluationEngine = evaluation,
            ScoreActivations = forecast.ScoreActivations(),
            UpdateActivations = forecast.UpdateActivations(),
        };
    }

    private RankShape Ranks(PpoCommandSettings settings, BatchPlan batch) => new()
    {
        Ranks = _plan.Ranks,
        Degree = settings.Machine.ShardingParallelDegree,
        Latency = _plan.LatencyUs / Microseconds,
        Bandwidth = _plan.BandwidthGbPerS * Gigabyte,
        ResponseTokens = (double)batch.SequencesPerRollout * settings.Sampling.MaxDecLen,
        HasPtx = _inputs.PtxTask is not null,
    };

    private RunShape Shape(PpoCommandSettings settings, BatchPlan batch)
    {
        bool evaluates = _inputs.EvaluationPrompts is not null && settings.Run.EvaluationStrategy != IntervalStrategy.No;
        int batches = settings.Run.MaxEvaluateSteps < 0 ? int.MaxValue : settings.Run.MaxEvaluateSteps;
        return new RunShape
        {
            Batch = batch,
            PromptLengths = [.. Some(_inputs.TrainingTask!.LineCount, _inputs.TrainingTask.Dialogues).Select(dialogue => _inputs.Text.EncodePrompt(dialogue).Ids.Length)],
            Samples = settings.Sampling.NumReturnSequences,
            NewTokens = settings.Sampling.MaxDecLen,
            PtxLengths = _inputs.PtxTask is { } ptx ? [.. Some(ptx.LineCount, ptx.Dialogues).Select(dialogue => _inputs.Text.EncodeExample(dialogue).Ids.Length)] : [],
            EvaluationLengths = evaluates
                ? [.. _inputs.EvaluationPrompts!.Chunk(settings.Batch.PerDeviceEvalBatchSize).Take(batches).SelectMany(chunk => chunk).Select(prompt => prompt.Ids.Length)]
                : [],
            EvaluationSamples = settings.Run.EvalNumReturnSequences,
            EvaluationBatch = settings.Batch.PerDeviceEvalBatchSize,
        };
    }

    /// <summary>All of few, or every so many of many.</summary>
    private static IEnumerable<T> Some<T>(long count, IEnumerable<T> all)
    {
        long step = (count + PromptsThatTell - 1) / PromptsThatTell;
        return all.Where((_, i) => i % step == 0);
    }

    private int Evaluations(PpoCommandSettings settings, StepCalendar calendar, BatchPlan batch)
    {
        if (_inputs.EvaluationPrompts is null || settings.Run.EvaluationStrategy == IntervalStrategy.No)
        {
            return 0;
        }

        return Enumerable.Range(1, batch.TotalSteps).Count(calendar.Evaluates) + (settings.Run.EvalAtStart ? 1 : 0);
    }
}
