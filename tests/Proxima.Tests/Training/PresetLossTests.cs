using Proxima.Core.Settings;
using Proxima.Data.Dialogues;
using Proxima.Numerics;
using Proxima.Tests.Core.Ppo;
using Proxima.Training;
using static TorchSharp.torch;

namespace Proxima.Tests.Training;

/// <summary>
/// Golden vector G3 through the settings of each preset: two responses of 3 and 5 tokens, at most 5, with β = .05 and λ = .95 for all.
/// </summary>
public sealed class PresetLossTests
{
    private const double Tolerance = 2e-6;
    private const double KlCoeff = 0.05;

    private static readonly int[] Both = [0, 1];

    private static readonly double[] Scores = [1.5, -0.5];

    [Theory]
    [InlineData("trl", 2, 0.046836, 0.381717)]
    [InlineData("verl", 2, 0.046441, 0.358376)]
    [InlineData("openrlhf", 2, 0.049647, 0.358376)]
    [InlineData("proxima", 2, -0.148819, 0.358376)]
    [InlineData("proxima", 1, -0.148819, 0.358376)]
    [InlineData("paddlenlp --normalize_advantage true", 1, -0.205524, null)]
    [InlineData("paddlenlp", 1, -0.375152, null)]
    public void Each_preset_gives_its_losses(string words, int microBatchSize, double policyLoss, double? valueLoss)
    {
        using var scope = NewDisposeScope();
        PpoSettings ppo = PpoWords.Load(["--preset", .. words.Split(' ')]).Settings.Ppo with { GaeLambda = 0.95 };
        ResponseGrid grid = new([Answer(3), Answer(5)], ppo.ScorePlacement, maxNewTokens: 5);
        var oldLogProbs = Grid([-1, -0.5, -2], [-0.7, -1.1, -0.3, -2.2, -0.9]);
        var oldValues = Grid([0.1, 0.2, 0.3, .. AfterEos(ppo, 0.4)], [0, -0.1, 0.2, 0.1, -0.2]);
        var values = Grid([0.15, 0.6, 0.25, .. AfterEos(ppo, 0.45)], [0.1, -0.5, 0.3, 0, 0.3]);
        var formulas = new PpoFormulas(ppo);
        var refLogProbs = Grid([-1.2, -0.4, -1.5], [-0.9, -1, -0.6, -1.8, -1.4]);
        var scores = tensor(new ScoreShaper(ppo).Shape(Scores, [Answer(3), Answer(5)]).Select(score => (float)score).ToArray()); // [2]
        var rewards = formulas.Rewards(oldLogProbs, refLogProbs, KlCoeff, grid.ScoreSlots(), scores);
        var advantages = formulas.Advantages(rewards, oldValues, grid.ValueMask());
        var ratio = PolicyObjective.Ratio(Grid([-0.9, -0.8, -1.7], [-0.75, -1, -0.35, -1.7, -1.3]), oldLogProbs);

        var policyLosses = MaskedStatistics.Keep(formulas.PolicyLosses(ratio, formulas.Whiten(advantages, grid.TokenMask())), grid.TokenMask());
        var valueLosses = MaskedStatistics.Keep(formulas.ValueLosses(values, oldValues, advantages + oldValues), grid.ValueMask());

        Assert.Equal(policyLoss, Aggregate(formulas, policyLosses, microBatchSize, grid.TokenCount), Tolerance);
        if (valueLoss is double expected)
        {
            Assert.Equal(expected, Aggregate(formulas, valueLosses, microBatchSize, grid.ValueCount), Tolerance);
        }
    }

    private static double Aggregate(PpoFormulas formulas, Tensor losses, int microBatchSize, Func<int, int> count)
    {
        int[][] microBatches = [.. Both.Chunk(microBatchSize)];
        return microBatches.Sum(rows =>
            rows.Sum(row => losses[row].sum().item<float>()) * formulas.TokenWeight(Both.Sum(count), rows.Sum(count), microBatches.Length));
    }

    private static double[] AfterEos(PpoSettings ppo, double value) => ppo.ScorePlacement == ScorePlacement.AfterEos ? [value] : [];

    /// <returns>[2, 5]</returns>
    private static Tensor Grid(double[] first, double[] second) =>
        tensor(first.Concat(new double[5 - first.Length]).Concat(second).Select(x => (float)x).ToArray()).view(2, 5);

    private static Sequence Answer(int length) => new()
    {
        Index = 0,
        Dialogue = new Dialogue { Src = ["a"], Tgt = [] },
        Prompt = [1],
        Response = new int[length],
        SamplerLogProbs = new float[length],
        SamplerEntropies = new float[length],
        Finished = length < 5,
    };
}
