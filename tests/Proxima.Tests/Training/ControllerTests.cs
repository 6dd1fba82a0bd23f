using System.Text.Json;
using Proxima.Core.Settings;
using Proxima.TestSupport;
using Proxima.Training;
using Proxima.Training.Checkpoints;
using Proxima.Training.Rewards;

namespace Proxima.Tests.Training;

public sealed class ControllerTests
{
    [Theory]
    [InlineData(12, 0.200512)]
    [InlineData(6.6, 0.200256)]
    [InlineData(6, 0.2)]
    [InlineData(0, 0.199488)]
    public void G9_the_adaptive_controller_moves_towards_its_target(double kl, double expected)
    {
        var controller = new KlController(new PpoSettings
        {
            KlController = KlControllerType.Adaptive,
            KlCoeff = 0.2,
            KlTarget = 6,
            KlHorizon = 10000,
        });
        controller.Update(kl, sequences: 128);
        Assert.Equal(expected, controller.Coefficient, 1e-9);
    }

    [Fact]
    public void The_fixed_controller_stays()
    {
        var controller = new KlController(new PpoSettings { KlCoeff = 0.2 });
        controller.Update(100, 128);
        Assert.Equal(0.2, controller.Coefficient);
    }

    [Fact]
    public void The_best_model_is_that_of_the_greatest_metric_or_of_the_least_loss()
    {
        BestModel greatest = BestModel.None.After(0, "eval/accuracy", double.NaN).After(1, "eval/accuracy", 0.5).After(2, "eval/accuracy", 0.4).After(3, "eval/accuracy", 0.5);
        BestModel least = BestModel.None.After(1, "eval/loss", 0.5).After(2, "eval/loss", 0.4).After(3, "eval/loss", double.NaN);

        Assert.Equal(new BestModel(1, 0.5, 2), greatest);
        Assert.Equal(new BestModel(2, 0.4, 1), least);
        Assert.Equal(new BestModel(0, -1, 0), BestModel.None.After(0, "eval/reward_mean", -1));
    }

    [Fact]
    public void Running_statistics_equal_those_of_PaddleNLP()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(RepositoryPaths.Shared("goldens", "ppo", "paddlenlp.json")));
        foreach (JsonElement item in document.RootElement.GetProperty("reward_normalisation").EnumerateArray())
        {
            var statistics = new RunningStatistics();
            JsonElement outputs = item.GetProperty("outputs").GetProperty("calls");
            int call = 0;
            foreach (JsonElement batches in item.GetProperty("inputs").GetProperty("calls").EnumerateArray())
            {
                statistics = statistics.Merge([.. batches.EnumerateArray().SelectMany(b => b.EnumerateArray()).Select(x => x.GetDouble())]);
                JsonElement expected = outputs[call++];
                Assert.Equal(expected.GetProperty("count").GetDouble(), statistics.Count);
                Assert.Equal(expected.GetProperty("mean").GetDouble(), statistics.Mean, 5e-6);
                Assert.Equal(1, statistics.Variance / expected.GetProperty("var").GetDouble(), 5e-6);
            }
        }
    }

    [Theory]
    [InlineData("She was happy.", 0.571885)]
    [InlineData("She was not happy.", -0.458469)]
    [InlineData("She was not at all happy.", -0.458469)]
    [InlineData("She was not at all very happy.", 0.571885)]
    [InlineData("No, no! It was a bad, bad dream.", -0.743964)]
    [InlineData("They hugged and laughed and lived happily ever after.", 0.851896)]
    [InlineData("It didn't hurt. He was brave.", 0.733208)]
    [InlineData("HAPPY happy Happy", 0.902175)]
    [InlineData("The cat sat on the mat.", 0)]
    [InlineData("can't cry", 0.372383)]
    public void The_lexicon_score_follows_its_formula(string text, double expected) =>
        Assert.Equal(expected, new LexiconScorer(RepositoryPaths.Shared("data", "vader_lexicon.txt")).Score(text), 5e-7);
}
