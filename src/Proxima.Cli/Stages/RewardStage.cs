using System.Globalization;
using Proxima.Core.Runs;
using Proxima.Core.Settings;
using Proxima.Data.Dialogues;
using Proxima.Models;
using Proxima.Training;
using Proxima.Training.Optimization;
using Proxima.Training.Preferences;
using Proxima.Training.Ranks;
using Proxima.Training.Stages;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Cli.Stages;

/// <summary>Training of a reward model.</summary>
internal sealed class RewardStage : IStage<RankedResponses>
{
    private readonly StageInputs<RewardCommandSettings> _inputs;
    private readonly TrainingPrecision _precision;
    private readonly ScoreModel _model;
    private readonly RewardEvaluator? _evaluator;

    public RewardStage(StageInputs<RewardCommandSettings> inputs, TrainingPrecision precision)
    {
        _inputs = inputs;
        _precision = precision;
        _model = Load(precision.Trained);
        _model.Decoder.Options = precision.Learning(inputs.Settings.Machine.Recompute, inputs.Settings.Machine.RecomputeGranularity);
        _evaluator = inputs.EvaluationTask is null
            ? null
            : new RewardEvaluator(_model, [.. inputs.EvaluationLines.Select(Encode)], inputs.Settings.Batch.PerDeviceEvalBatchSize);
    }

    public IReadOnlyList<(string Name, Parameter Value)> NamedParameters => _model.NamedParameters();

    public ModelOptimizer Optimizer(LearningRateSchedule schedule, OptimizerSettings settings, ShardedRanks ranks)
    {
        using ScoreModel? exact = _precision.KeepsMasters ? Load(ScalarType.Float32) : null;
        var optimizer = new ModelOptimizer(
            RunFolder.ModelName, _model.NamedParameters(), schedule, settings, settings.WeightDecay, _precision.Copies, exact?.NamedParameters(), ranks: ranks);
        optimizer.Follow(_model.Decoder);
        return optimizer;
    }

    public string Description => _model.HeadOrigin == HeadOrigin.Loaded
        ? $"from {_inputs.ModelFolder}"
        : $"from {_inputs.ModelFolder}, a language model: a new score head was drawn with a spread of {_model.Config.InitializerRange}";

    public RankedResponses Encode(Dialogue dialogue) => RankedResponses.Of(dialogue, _inputs.Encoder, _inputs.Settings.Data.MaxSeqLen);

    public int Length(RankedResponses example) => example.Length;

    public int Tokens(RankedResponses example) => example.Tokens;

    public IStageUpdater<RankedResponses> Updater(ModelOptimizer optimizer, SharedWork work) =>
        new RewardUpdater(_model, optimizer, _inputs.Settings.Reward, _inputs.Settings.Batch.PerDeviceTrainBatchSize, work);

    public Func<SharedWork, CancellationToken, IReadOnlyDictionary<string, double>>? Evaluation() => _evaluator is null ? null : _evaluator.Evaluate;

    public void Save(string folder, Func<IReadOnlyDictionary<string, Tensor>> weights)
    {
        using var scope = NewDisposeScope();
        ModelFolder.Save(_model, _inputs.ModelFolder, folder, weights());
    }

    public string? Finish(FlatParameters weights)
    {
        if (!_inputs.Settings.Reward.ScaleScoreHead || _evaluator is null)
        {
            return null;
        }

        IReadOnlyList<double> scores = _evaluator.Scores();
        using var scope = NewDisposeScope();
        double factor = ScoreHeadScale.Apply(weights.Named()[ScoreModel.HeadName], scores);
        weights.RefreshCopies();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"score head multiplied by {factor:0.#####}: the {scores.Count} held-out responses now have mean {factor * ResponseStatistics.Mean(scores):0.000} and deviation 1");
    }

    public void Dispose() => _model.Dispose();

    private ScoreModel Load(ScalarType type) => ModelFolder.LoadScore(_inputs.ModelFolder, type, _inputs.Settings.Run.Seed);
}
