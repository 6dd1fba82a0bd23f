using Proxima.Core.Display;
using Proxima.Core.Settings;
using Proxima.Generation;
using Proxima.Models;
using static TorchSharp.torch;

namespace Proxima.Training.Planning;

/// <summary>Predicts time and activations of a PPO step from measured parts of its models.</summary>
/// <param name="settings">of the run</param>
/// <param name="shape">how many tokens a step handles</param>
/// <param name="models">sizes of actor, critic and, where it scores, the reward model</param>
/// <param name="precision">number types</param>
public sealed class StepForecast(
    PpoCommandSettings settings, RunShape shape, (ModelSize Actor, ModelSize Critic, ModelSize? Reward) models, TrainingPrecision precision)
{
    private const double ForwardFlops = 2;
    private const double TrainingFlops = 6;
    private const double LikeLengths = 1.1;

    /// <summary>
    /// Parts are measured one at a time. In an update they take turns, of actor and critic and in changing sizes, and freed blocks do not
    /// fit those that come next: the heap then holds half as much again (measured on the shapes of docs/plan.md).
    /// </summary>
    private const double HeapOfAnUpdate = 1.5;

    private readonly ModelCalibration _passes = new(precision, settings.Sampling.Temperature);
    private readonly EngineCalibration _engine = new(models.Actor.Config, precision.Trained, settings.Sampling, settings.Machine);

    /// <summary>The kernel of the engine; auto for the plain one. Known after <see cref="Phases"/>.</summary>
    public ComputeKernel Kernel => _engine.Kernel;

    /// <summary>Fastest matrix product of this machine, FLOP/s.</summary>
    public double PeakFlopsPerSecond => _passes.PeakFlopsPerSecond;

    private int NewTokens => shape.NewTokens;

    private double LanguageModelFlops => models.Actor.Blocks + ((double)models.Actor.Config.VocabularySize * models.Actor.Config.HiddenSize);

    /// <summary>Time and operations of each phase of a step, and of an evaluation where there is one.</summary>
    public IReadOnlyList<PhaseForecast> Phases()
    {
        int sequences = shape.Batch.SequencesPerRollout;
        double tokens = shape.RolloutTokens;
        EngineCost engine = _engine.Measure(sequences, shape.Samples, shape.MeanPrompt + (NewTokens / 2.0));
        double prompts = sequences / shape.Samples * shape.MeanPrompt;
        List<PhaseForecast> phases =
        [
            new(RunPhase.Rollout, engine.Seconds(prompts, sequences, NewTokens), tokens * ForwardFlops * LanguageModelFlops),
            new(RunPhase.Score, ScoreSeconds(sequences, shape.MeanPrompt + NewTokens, withActor: settings.Ppo.RecomputeOldLogProbs, withCritic: true), tokens * ScoreFlops()),
            new(RunPhase.Update, UpdateSeconds(), shape.Batch.Passes * tokens * TrainingFlops * (LanguageModelFlops + models.Critic.Blocks)),
        ];
        return shape.EvaluationResponses == 0 ? phases : [.. phases, Evaluation()];
    }

    /// <summary>Bytes that a forward without gradients takes at the highest.</summary>
    public double ScoreActivations()
    {
        int longest = Math.Max(shape.LongestSequence, shape.EvaluationLengths.DefaultIfEmpty().Max() + NewTokens);
        int rows = RunShape.RowsOfAForward(shape.Batch.SequencesPerRollout, shape.PaddedSequence);
        double like = (double)rows * shape.PaddedSequence;
        double most = Math.Max(like, longest); // one long row may be more than a forward usually holds
        return new[] { LanguageModelForward(models.Actor.Config, precision.Trained, rows), ScoreForward(models.Critic.Config, precision.Trained, rows) }
            .Max(cost => cost.Bytes) * most / like;
    }

    /// <summary>Bytes that a micro-batch takes at the highest.</summary>
    public double UpdateActivations()
    {
        bool isLike = shape.LongestSequence <= LikeLengths * shape.PaddedSequence;
        int length = isLike ? shape.PaddedSequence : shape.LongestSequence;
        double highest = Math.Max(ActorTraining(length).Bytes, CriticTraining(length).Bytes) * shape.LongestSequence / length;
        return HeapOfAnUpdate * (shape.PtxLengths.Count == 0 ? highest : Math.Max(highest, PtxTraining(shape.PtxLengths.Max()).Bytes));
    }

    /// <summary>The engine's memory in a rollout, and in an evaluation where there is one.</summary>
    public (EngineMemory Rollout, EngineMemory? Evaluation) EngineMemories()
    {
        EngineMemory rollout = Engine(shape.Batch.SequencesPerRollout, shape.Samples, shape.LongestSequence);
        return shape.EvaluationResponses == 0 ? (rollout, null) : (rollout, Engine(
            Math.Min(shape.EvaluationBatch, shape.EvaluationLengths.Count) * shape.EvaluationSamples, shape.EvaluationSamples, shape.EvaluationLengths.Max() + NewTokens));
    }

    private EngineMemory Engine(int responses, int samples, int longest) => settings.Sampling.UseFusemt
        ? EngineMemory.Fused(models.Actor.Config, Kernel, get_num_threads(), responses, samples, longest)
        : EngineMemory.Plain(
            models.Actor.Config, (precision.Options.Products ?? precision.Trained) == ScalarType.Float32 ? sizeof(float) : sizeof(ushort), responses, samples, longest);

    private PhaseForecast Evaluation()
    {
        int responses = shape.EvaluationResponses;
        double mean = shape.EvaluationLengths.Average();
        int atOnce = Math.Min(shape.EvaluationBatch, shape.EvaluationLengths.Count) * shape.EvaluationSamples;
        EngineCost engine = _engine.Measure(atOnce, shape.EvaluationSamples, mean + (NewTokens / 2.0));
        double batches = Math.Ceiling((double)responses / atOnce);
        double seconds = (batches * engine.Seconds(atOnce / shape.EvaluationSamples * mean, atOnce, NewTokens))
            + ScoreSeconds(responses, mean + NewTokens, withActor: true, withCritic: false);
        double flops = (3 * ForwardFlops * LanguageModelFlops) + (ForwardFlops * (models.Reward?.Blocks ?? 0));
        return new(RunPhase.Evaluate, seconds, responses * (mean + NewTokens) * flops);
    }

    /// <summary>Reference, reward model and, where they are asked for, actor and critic.</summary>
    private double ScoreSeconds(int sequences, double length, bool withActor, bool withCritic)
    {
        int rows = RunShape.RowsOfAForward(shape.Batch.SequencesPerRollout, shape.PaddedSequence);
        double forwards = sequences * length / ((double)rows * shape.PaddedSequence);
        double seconds = LanguageModelForward(models.Actor.Config, precision.Frozen, rows).Seconds;
        seconds += withActor ? LanguageModelForward(models.Actor.Config, precision.Trained, rows).Seconds : 0;
        seconds += withCritic ? ScoreForward(models.Critic.Config, precision.Trained, rows).Seconds : 0;
        seconds += models.Reward is { } reward ? ScoreForward(reward.Config, precision.Frozen, rows).Seconds : 0;
        return forwards * seconds;
    }

    private double ScoreFlops()
    {
        double languageModels = (settings.Ppo.RecomputeOldLogProbs ? 2 : 1) * LanguageModelFlops;
        return ForwardFlops * (languageModels + models.Critic.Blocks + (models.Reward?.Blocks ?? 0));
    }

    private double UpdateSeconds()
    {
        double microBatch = ActorTraining(shape.PaddedSequence).Seconds + CriticTraining(shape.PaddedSequence).Seconds;
        if (shape.PtxLengths.Count > 0)
        {
            microBatch += PtxTraining((int)Math.Ceiling(RunShape.MeanOfLongest(shape.PtxLengths, shape.Batch.SequencesPerMicroBatch))).Seconds;
        }

        double optimizer = _passes.OptimizerSecondsPerWeight * (models.Actor.LanguageModel + models.Critic.ScoreModel);
        return (shape.Batch.Passes * shape.Batch.MicroBatchesPerPass * microBatch) + (shape.Batch.OptimizerStepsPerStep * optimizer);
    }

    private PassCost LanguageModelForward(ModelConfig config, ScalarType type, int rows) =>
        _passes.Scoring(config, type, (rows, shape.PaddedSequence), rows * NewTokens);

    private PassCost ScoreForward(ModelConfig config, ScalarType type, int rows) => _passes.Scoring(config, type, (rows, shape.PaddedSequence), headTokens: 0);

    private PassCost ActorTraining(int length) => _passes.Training(
        models.Actor.Config, precision.Learning(settings.Machine.Recompute, settings.Machine.RecomputeGranularity),
        (shape.Batch.SequencesPerMicroBatch, length), shape.Batch.SequencesPerMicroBatch * NewTokens);

    private PassCost CriticTraining(int length) => _passes.Training(
        models.Critic.Config, precision.Learning(settings.Machine.CriticRecompute ?? settings.Machine.Recompute, settings.Machine.CriticRecomputeGranularity),
        (shape.Batch.SequencesPerMicroBatch, length), headTokens: 0);

    /// <summary>Dialogues of which most tokens are targets.</summary>
    private PassCost PtxTraining(int length) => _passes.Training(
        models.Actor.Config, precision.Learning(settings.Machine.Recompute, settings.Machine.RecomputeGranularity),
        (shape.Batch.SequencesPerMicroBatch, length), shape.Batch.SequencesPerMicroBatch * length);
}
