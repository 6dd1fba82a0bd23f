using System.Text.Json;
using Proxima.Core.Metrics;
using Proxima.Core.Settings;
using Proxima.Models;
using Proxima.Models.Weights;
using Proxima.Tests.Training.Peers;
using Proxima.Training;
using Proxima.Training.Optimization;
using Proxima.Training.Preferences;
using Proxima.Training.Ranks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Tests.Training.Preferences;

/// <summary>One recorded step of TRL's RewardTrainer (goldens/ppo/trl/reward_trainer).</summary>
public sealed class RewardTrainerTests
{
    [Theory]
    [InlineData(6, null)]
    [InlineData(2, null)]
    [InlineData(4, null)]
    [InlineData(4, 1024.0)]
    public void A_step_has_the_loss_the_gradient_norm_and_the_weights_of_TRL(int microBatchSize, double? lossScale)
    {
        using var scope = NewDisposeScope();
        using JsonDocument record = Record();
        JsonElement expected = record.RootElement.GetProperty("runs")[0];
        using ScoreModel model = LoadModel();
        using ModelOptimizer optimizer = Optimizer(model, lossScale is double value ? new LossScale { State = new(value, 0) } : null);
        var metrics = new MetricAccumulator();

        OptimizerStep step = new RewardUpdater(model, optimizer, new RewardModelSettings(), microBatchSize).Update(Pairs(record), metrics);

        IReadOnlyDictionary<string, double> flushed = metrics.Flush();
        double[] differences = [.. Numbers(expected, "rewards_chosen").Zip(Numbers(expected, "rewards_rejected"), (chosen, rejected) => chosen - rejected)];
        Assert.Null(step.Skipped);
        Assert.Equal(expected.GetProperty("loss").GetDouble(), flushed[MetricNames.RewardLoss], 1e-6);
        Assert.Equal(differences.Count(d => d > 0) / 6.0, flushed[MetricNames.RewardAccuracy], 1e-9);
        Assert.Equal(differences.Average(), flushed[MetricNames.RewardMarginMean], 1e-6);
        Assert.Equal(1, step.GradientNorm!.Value / expected.GetProperty("logged").GetProperty("grad_norm").GetDouble(), 1e-5);
        Assert.Equal(1e-3, flushed[MetricNames.RewardLr]);
        CheckWeights(model);
    }

    [Fact]
    public void Held_out_pairs_have_the_scores_the_loss_and_the_accuracy_of_TRL()
    {
        using var scope = NewDisposeScope();
        using JsonDocument record = Record();
        JsonElement expected = record.RootElement.GetProperty("runs")[0];
        using ScoreModel model = LoadModel();
        var evaluator = new RewardEvaluator(model, Pairs(record), batchSize: 4);

        IReadOnlyDictionary<string, double> metrics = evaluator.Evaluate(SharedWork.Alone(), TestContext.Current.CancellationToken);

        double[] scores = [.. Numbers(expected, "rewards_chosen").Concat(Numbers(expected, "rewards_rejected")).Order()];
        Assert.All(scores.Zip(evaluator.Scores().Order()), pair => Assert.Equal(pair.First, pair.Second, 2e-6));
        Assert.Equal(expected.GetProperty("loss").GetDouble(), metrics[MetricNames.EvalLoss], 1e-6);
        Assert.Equal(2 / 6.0, metrics[MetricNames.EvalAccuracy], 1e-9);
    }

    [Fact]
    public void A_margin_and_centring_each_change_the_loss_as_the_formulas_say()
    {
        using JsonDocument record = Record();
        JsonElement expected = record.RootElement.GetProperty("runs")[0];
        (double Chosen, double Rejected, double Margin)[] pairs = [.. Numbers(expected, "rewards_chosen").Zip(
            Numbers(expected, "rewards_rejected"), record.RootElement.GetProperty("pairs").EnumerateArray().Select(p => p.GetProperty("margin").GetDouble()))];

        double loss = pairs.Average(p => Math.Log(1 + Math.Exp(p.Margin - (p.Chosen - p.Rejected))) + (0.01 * Math.Pow(p.Chosen + p.Rejected, 2)));

        Assert.Equal(loss, LossOf(record, new RewardModelSettings { RewardMargin = true, RewardCenterCoeff = 0.01 }), 2e-6);
    }

    [Fact]
    public void The_scaled_head_gives_held_out_responses_a_deviation_of_one_in_the_same_order()
    {
        using var scope = NewDisposeScope();
        using JsonDocument record = Record();
        using ScoreModel model = LoadModel();
        var evaluator = new RewardEvaluator(model, Pairs(record), batchSize: 6);
        IReadOnlyList<double> before = evaluator.Scores();

        double factor = ScoreHeadScale.Apply(model.ScoreWeight, before);

        IReadOnlyList<double> after = evaluator.Scores();
        double mean = after.Average();
        Assert.Equal(1, Math.Sqrt(after.Sum(s => (s - mean) * (s - mean)) / (after.Count - 1)), 1e-5);
        Assert.All(before.Zip(after), pair => Assert.Equal(pair.First * factor, pair.Second, 1e-5));
    }

    private static double LossOf(JsonDocument record, RewardModelSettings settings)
    {
        using var scope = NewDisposeScope();
        using ScoreModel model = LoadModel();
        using ModelOptimizer optimizer = Optimizer(model);
        var metrics = new MetricAccumulator();
        new RewardUpdater(model, optimizer, settings, 6).Update(Pairs(record), metrics);
        return metrics.Flush()[MetricNames.RewardLoss];
    }

    private static void CheckWeights(ScoreModel model)
    {
        using SafetensorsFile after = SafetensorsFile.Open(Path.Combine(TrlRun.FolderOf("reward_trainer"), "after_one_step.safetensors"));
        (long all, long near) = (0, 0);
        foreach ((string name, Parameter value) in model.NamedParameters())
        {
            var difference = (after.Read(name) - value.detach()).abs();
            Assert.InRange(difference.max().item<float>(), 0, 5e-5);
            all += difference.numel();
            near += (difference <= 1e-6).sum().item<long>();
        }

        Assert.InRange(near / (double)all, 0.999, 1);
    }

    private static ModelOptimizer Optimizer(ScoreModel model, LossScale? lossScale = null)
    {
        OptimizerSettings settings = new() { LearningRate = 1e-3, LrSchedulerType = SchedulerType.Constant, WeightDecay = 0.01 };
        return new ModelOptimizer("model", model.NamedParameters(), LearningRateSchedule.ForActor(settings, 1), settings, settings.WeightDecay, lossScale: lossScale);
    }

    private static ScoreModel LoadModel() => ModelFolder.LoadScore(TrlRun.FolderOf("models", "reward"), ScalarType.Float32);

    private static JsonDocument Record() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(TrlRun.FolderOf("reward_trainer"), "reward_trainer.json")));

    private static RankedResponses[] Pairs(JsonDocument record) =>
        [.. record.RootElement.GetProperty("pairs").EnumerateArray().Select(pair => new RankedResponses(
            [PreferenceBatchTests.Row(Ids(pair, "input_ids_rejected")), PreferenceBatchTests.Row(Ids(pair, "input_ids_chosen"))],
            [(1, 0, pair.GetProperty("margin").GetDouble())]))];

    private static int[] Ids(JsonElement pair, string name) => [.. pair.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];

    private static IEnumerable<double> Numbers(JsonElement run, string name) => run.GetProperty(name).EnumerateArray().Select(number => number.GetDouble());
}
