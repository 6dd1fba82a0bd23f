using Proxima.Core.Runs;
using Proxima.Core.Settings;
using Proxima.Data.Dialogues;
using Proxima.Data.Examples;
using Proxima.Models;
using Proxima.Training;
using Proxima.Training.Optimization;
using Proxima.Training.Ranks;
using Proxima.Training.Stages;
using Proxima.Training.Supervised;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Cli.Stages;

/// <summary>Supervised fine-tuning.</summary>
internal sealed class SftStage : IStage<EncodedExample>
{
    private readonly StageInputs<SftCommandSettings> _inputs;
    private readonly TrainingPrecision _precision;
    private readonly CausalLanguageModel _model;
    private readonly SftEvaluator? _evaluator;

    public SftStage(StageInputs<SftCommandSettings> inputs, TrainingPrecision precision)
    {
        _inputs = inputs;
        _precision = precision;
        _model = Load(precision.Trained);
        _model.Decoder.Options = precision.Learning(inputs.Settings.Machine.Recompute, inputs.Settings.Machine.RecomputeGranularity);
        _evaluator = inputs.EvaluationTask is null
            ? null
            : new SftEvaluator(_model, [.. inputs.EvaluationLines.Select(Encode)], inputs.Settings.Batch.PerDeviceEvalBatchSize);
    }

    public IReadOnlyList<(string Name, Parameter Value)> NamedParameters => _model.NamedParameters();

    public ModelOptimizer Optimizer(LearningRateSchedule schedule, OptimizerSettings settings, ShardedRanks ranks)
    {
        using CausalLanguageModel? exact = _precision.KeepsMasters ? Load(ScalarType.Float32) : null;
        var optimizer = new ModelOptimizer(
            RunFolder.ModelName, _model.NamedParameters(), schedule, settings, settings.WeightDecay, _precision.Copies, exact?.NamedParameters(), ranks: ranks);
        optimizer.Follow(_model.Decoder);
        return optimizer;
    }

    public string Description => _inputs.Settings.Model.InitFromConfig is null
        ? $"from {_inputs.ModelFolder}"
        : $"from scratch by {_inputs.ModelFolder}, weights drawn with a spread of {_model.Config.InitializerRange}";

    public EncodedExample Encode(Dialogue dialogue) => _inputs.Encoder.EncodeExample(dialogue, _inputs.Settings.Data.MaxSeqLen);

    public int Length(EncodedExample example) => example.Ids.Length;

    public int Tokens(EncodedExample example) => example.Ids.Length;

    public IStageUpdater<EncodedExample> Updater(ModelOptimizer optimizer, SharedWork work) =>
        new SftUpdater(_model, optimizer, _inputs.Settings.Batch.PerDeviceTrainBatchSize, work);

    public Func<SharedWork, CancellationToken, IReadOnlyDictionary<string, double>>? Evaluation() => _evaluator is null ? null : _evaluator.Evaluate;

    public void Save(string folder, Func<IReadOnlyDictionary<string, Tensor>> weights)
    {
        using var scope = NewDisposeScope();
        ModelFolder.Save(_model, _inputs.ModelFolder, folder, weights());
    }

    public string? Finish(FlatParameters weights) => null;

    public void Dispose() => _model.Dispose();

    private CausalLanguageModel Load(ScalarType type) => _inputs.Settings.Model.InitFromConfig is null
        ? ModelFolder.LoadCausal(_inputs.ModelFolder, type)
        : ModelFolder.CreateCausal(_inputs.ModelFolder, type, _inputs.Settings.Run.Seed);
}
