using System.Text.Json;
using Proxima.Core.Metrics;
using Proxima.Core.Settings;
using Proxima.Data.Examples;
using Proxima.Models;
using Proxima.Tests.Models;
using Proxima.Training;
using Proxima.Training.Optimization;
using Proxima.Training.Ranks;
using Proxima.Training.Supervised;
using static TorchSharp.torch;

namespace Proxima.Tests.Training.Supervised;

/// <summary>Three whole steps, loss to weights, against those of transformers and torch.</summary>
public sealed class SftUpdaterTests
{
    [Theory]
    [MemberData(nameof(GoldenCases.WithArrays), MemberType = typeof(GoldenCases))]
    public void Three_steps_in_micro_batches_give_the_losses_norms_and_weights_of_transformers(string name)
    {
        CheckThreeSteps(name, lossScale: null);
        CheckThreeSteps(name, new LossScale { State = new(1024, 0) });
    }

    private static void CheckThreeSteps(string name, LossScale? lossScale)
    {
        using var scope = NewDisposeScope();
        using GoldenModel golden = new(name);
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);
        OptimizerSettings settings = new() { LearningRate = 1e-3, LrSchedulerType = SchedulerType.Constant, AdamBeta2 = 0.95, WeightDecay = 0.1 };
        using var optimizer = new ModelOptimizer(
            "model", model.NamedParameters(), LearningRateSchedule.ForActor(settings, 3), settings, settings.WeightDecay, lossScale: lossScale);
        EncodedExample[] examples = SupervisedLossTests.Examples(golden);
        var updater = new SftUpdater(model, optimizer, microBatchSize: 2);
        JsonElement expected = golden.Numbers.GetProperty("adamw");

        for (int step = 0; step < 3; step++)
        {
            var metrics = new MetricAccumulator();
            OptimizerStep taken = updater.Update(examples, metrics);
            Assert.Equal(expected.GetProperty("losses")[step].GetDouble(), metrics.Flush()[MetricNames.SftLoss], 2e-5);
            Assert.Equal(1, taken.GradientNorm!.Value / expected.GetProperty("grad_norms")[step].GetDouble(), 1e-4);
        }

        IReadOnlyDictionary<string, double> after = new SftEvaluator(model, examples, batchSize: 2).Evaluate(SharedWork.Alone(), TestContext.Current.CancellationToken);
        Assert.Equal(expected.GetProperty("loss_after").GetDouble(), after[MetricNames.EvalLoss], 2e-5);
        Assert.All(model.NamedParameters(), p => GoldenGradientTests.CheckAfter(golden, p.Name, p.Value));
    }
}
