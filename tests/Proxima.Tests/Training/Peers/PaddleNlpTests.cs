using System.Text.Json;
using Proxima.Core.Settings;
using Proxima.Numerics;
using Proxima.Training;
using static TorchSharp.torch;

namespace Proxima.Tests.Training.Peers;

/// <summary>
/// The preset paddlenlp against PaddleNLP's own functions. Its optimizer steps are in ModelOptimizerTests, its schedules in
/// ScheduleTests.
/// </summary>
public sealed class PaddleNlpTests
{
    private static readonly PeerFile Recorded = new("paddlenlp");
    private static readonly PpoSettings Preset = PeerSettings.Of("paddlenlp");

    [Fact]
    public void Every_recorded_function_is_compared()
    {
        string[] compared =
        [
            "rewards_and_advantages", "losses", "advantage_normalisation", "reward_normalisation", "gather_log_probabilities",
            "annealing_schedule", "schedule", // ScheduleTests
            "adamw", // ModelOptimizerTests
        ];
        Assert.Equal(Recorded.Kinds().Order(), compared.Order());
    }

    [Fact]
    public void Losses_and_their_gradients() => Recorded.ForEach("losses", item =>
    {
        var formulas = new PpoFormulas(Preset with { ClipRangeRatio = item.Number("clip_range_ratio"), ClipRangeValue = item.Number("clip_range_value") });
        double tokens = item.Mask.sum().item<long>();
        double weight = formulas.TokenWeight(4 * tokens, tokens, 1); // of one micro-batch, whatever the other three hold

        var logProbs = item.Leaf("log_probs");
        var policyLosses = formulas.PolicyLosses(PolicyObjective.Ratio(logProbs, item.In("old_log_probs")), item.In("advantages"));
        var policyLoss = MaskedStatistics.Keep(policyLosses, item.Mask).sum() * weight;
        policyLoss.backward();
        item.Check("actor_loss", policyLoss);
        item.Check("grad_log_probs", logProbs.grad!);

        var values = item.Leaf("values");
        var valueLosses = formulas.ValueLosses(values, item.In("old_values"), item.In("returns"));
        var valueLoss = MaskedStatistics.Keep(valueLosses, item.Mask).sum() * weight;
        valueLoss.backward();
        item.Check("critic_loss", valueLoss);
        item.Check("grad_values", values.grad!);
    });

    [Fact]
    public void Masks_rewards_advantages_and_returns() => Recorded.ForEach("rewards_and_advantages", item =>
    {
        PpoSettings ppo = Preset with { ClipRangeScore = item.Number("clip_range_score"), Gamma = item.Number("gamma"), GaeLambda = item.Number("gae_lambda") };
        var formulas = new PpoFormulas(ppo);
        long start = (long)item.Number("prompt_width") - 1;
        var attention = item.In("attention_mask");
        var mask = (attention > 0).narrow(1, 1, attention.shape[1] - 1).clone();
        mask.narrow(1, 0, start).fill_(false);
        item.Check("mask", Part("mask", mask.to_type(ScalarType.Float32)));

        var rewards = formulas.Rewards(
            item.In("log_probs"), item.In("ref_log_probs"), item.Number("kl_coeff"), PeerSettings.LastPlaces(mask), PeerSettings.Shape(ppo, item.In("scores")));
        var advantages = formulas.Advantages(rewards, item.In("values"), mask);
        item.Check("rewards", Part("rewards", rewards), Part("rewards", mask));
        item.Check("advantages", Part("advantages", advantages), Part("advantages", mask));
        item.Check("returns", Part("returns", advantages + item.In("values")), Part("returns", mask));
        var positions = (attention.cumsum(1) - 1).clamp_min(0);
        item.Check("position_ids", positions, attention > 0); // places of padding do not matter

        // Some cases give the columns of the response alone.
        Tensor Part(string output, Tensor whole)
        {
            long width = item.Out(output).shape[1];
            return whole.narrow(1, whole.shape[1] - width, width);
        }
    });

    [Fact]
    public void Advantages_are_whitened_but_for_a_mean_and_a_deviation_in_bfloat16() => Recorded.ForEach("advantage_normalisation", item =>
    {
        JsonElement[] batches = [.. item.Inputs.GetProperty("batches").EnumerateArray()];
        var advantages = cat([.. batches.Select(b => PeerCase.ToTensor(b.GetProperty("advantages")).flatten())]).unsqueeze(0);
        var mask = cat([.. batches.Select(b => PeerCase.ToTensor(b.GetProperty("mask")).flatten())]).unsqueeze(0) > 0;
        var (mean, deviation) = (MaskedStatistics.Mean(advantages, mask), MaskedStatistics.UnbiasedVariance(advantages, mask).sqrt());
        item.Check("mean", mean);
        item.Check("std", deviation);
        var exact = new PpoFormulas(Preset with { NormalizeAdvantage = true }).Whiten(advantages, mask);

        // Theirs is ours, moved and stretched by what the two numbers lose in bfloat16.
        var (roughMean, roughDeviation) = (Round(mean), Round(deviation));
        item.Check("mean_bf16", roughMean);
        item.Check("std_bf16", roughDeviation);
        var rough = MaskedStatistics.Keep(((exact * (deviation + MaskedStatistics.WhiteningEpsilon)) + mean - roughMean) / roughDeviation, mask);
        var recorded = cat([.. item.Outputs.GetProperty("advantages").EnumerateArray().Select(a => PeerCase.ToTensor(a).flatten())]).unsqueeze(0);
        PeerCase.Near(MaskedStatistics.Keep(recorded, mask), rough, "advantages");
    });

    [Fact]
    public void Scores_are_normalised_by_running_statistics_but_for_a_mean_and_a_deviation_in_bfloat16() => Recorded.ForEach("reward_normalisation", item =>
    {
        var statistics = new RunningStatistics();
        int call = 0;
        foreach (JsonElement batches in item.Inputs.GetProperty("calls").EnumerateArray())
        {
            JsonElement expected = item.Outputs.GetProperty("calls")[call++];
            statistics = statistics.Merge([.. batches.EnumerateArray().SelectMany(b => b.EnumerateArray()).Select(x => x.GetDouble())]);
            Assert.Equal(expected.GetProperty("count").GetDouble(), statistics.Count);
            Assert.Equal(1, statistics.Mean / expected.GetProperty("mean").GetDouble(), PeerCase.Tolerance);
            Assert.Equal(1, statistics.Variance / expected.GetProperty("var").GetDouble(), PeerCase.Tolerance);
            RunningStatistics rough = statistics with { Mean = Round(statistics.Mean), Variance = Math.Pow(Round(Math.Sqrt(statistics.Variance)), 2) };
            double[] scores = [.. batches.EnumerateArray().SelectMany(b => b.EnumerateArray()).Select(x => rough.Normalize(x.GetDouble()))];
            double[] recorded = [.. expected.GetProperty("rewards").EnumerateArray().SelectMany(b => b.EnumerateArray()).Select(x => x.GetDouble())];
            Assert.All(scores.Zip(recorded), pair => Assert.Equal(pair.Second, pair.First, PeerCase.Tolerance * Math.Max(1, Math.Abs(pair.Second))));
        }
    });

    [Fact]
    public void Log_probs_of_given_tokens() => Recorded.ForEach("gather_log_probabilities", item =>
    {
        item.Check("log_probs", PeerLogits.LogProbs(item.In("logits"), item.In("labels"), temperature: 1));
    });

    private static Tensor Round(Tensor number) => number.to_type(ScalarType.BFloat16).to_type(ScalarType.Float32);

    private static double Round(double number)
    {
        using var scope = NewDisposeScope();
        return Round(tensor((float)number)).item<float>();
    }
}
