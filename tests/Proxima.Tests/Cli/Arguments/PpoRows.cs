using static Proxima.Tests.Cli.Arguments.ArgumentRow;

namespace Proxima.Tests.Cli.Arguments;

/// <summary>The algorithm.</summary>
internal static class PpoRows
{
    private const double KlCoeff = 0.02;

    private static readonly string[] Stops = ["--stop_token_ids", "426,432,286", "--per_device_prompt_batch_size", "8"];

    /// <summary>Two passes of one optimizer step each: in the second the ratio is no longer 1.</summary>
    private static readonly string[] Twice = ["--gradient_accumulation_steps", "0", "--max_steps", "1", "--update_iters", "2", "--learning_rate", "1e-5"];

    private static readonly string[] Adaptive = ["--kl_controller", "adaptive"];

    public static IEnumerable<ArgumentRow> All { get; } =
    [
        Of("preset", "trl", (before, after) =>
        {
            Assert.Equal(("0.02", "0.05"), (before.Setting("kl_coeff"), after.Setting("kl_coeff")));
            Assert.Equal(("last", "after_eos"), (before.Setting("score_placement"), after.Setting("score_placement")));
            Assert.Equal("0.05", after.Metric("objective/kl_coeff").ToString("R", null));
        }),
        Of("recompute_old_log_probs", "false", (before, after) =>
        {
            Assert.InRange(before.Metric("rollout/logprob_gap_mean"), 1e-9, 1e-4);
            Assert.Equal(0, after.Metric("rollout/logprob_gap_mean"));
        }),
        Of("kl_coeff", "1", (before, after) =>
        {
            AssertAdvantages(before, ratio => KlCoeff * ratio);
            AssertAdvantages(after, ratio => ratio);
        }),
        Of("kl_estimator", "k3", (before, after) => AssertAdvantages(after, ratio => Math.Exp(-ratio) - 1 + ratio), "--kl_coeff", "1"),
        Of("kl_clamp", "0.01", (before, after) => AssertAdvantages(after, ratio => Math.Clamp(ratio, -0.01, 0.01)), "--kl_coeff", "1"),
        Of("gamma", "0.6", (before, after) => AssertAdvantages(after, ratio => KlCoeff * ratio, gamma: 0.6)),
        Of("gae_lambda", "0.3", (before, after) => AssertAdvantages(after, ratio => KlCoeff * ratio, lambda: 0.3)),
        Of("clip_range_ratio", "1e-4", (before, after) =>
        {
            Assert.Equal(0, before.Metric("policy/clip_fraction"));
            Assert.InRange(after.Metric("policy/clip_fraction"), 0.2, 0.5); // the mean of both passes
        }, Twice),
        Of("clip_range_score", "0.01", (before, after) =>
        {
            Assert.Contains(before.Samples(), sample => Math.Abs(sample.Score) > 0.1);
            Assert.InRange(Math.Abs(after.Metric("objective/score_normalized_mean")), 0, 0.01);
            Assert.Equal(before.Metric("objective/score_mean"), after.Metric("objective/score_mean"));
        }),
        Of("clip_range_value", "1e-4", (before, after) =>
        {
            Assert.Equal(0, before.Metric("critic/clip_fraction"));
            Assert.InRange(after.Metric("critic/clip_fraction"), 0.05, 0.5);
        }, Twice),
        Of("ptx_coeff", _ => "1", (before, after) =>
        {
            Assert.Equal(before.Metric("ptx/loss"), after.Metric("ptx/loss"), 1e-6);
            Assert.True(after.Metric("policy/grad_norm") < 0.5 * before.Metric("policy/grad_norm"));
        }, runs => [.. OneStep, "--ptx_task_config", runs.Task("ptx", ["{\"src\": [\"Who are you?\"], \"tgt\": [\"A robot.\"]}"])]),
        Of("update_iters", "3", (before, after) => Assert.Equal((4, 12), (before.OptimizerSteps(2), after.OptimizerSteps(2))), "--save_strategy", "steps"),
        Of("normalize_reward", "true", (before, after) =>
        {
            Assert.NotInRange(before.Metric("objective/score_normalized_mean"), -0.05, 0.05);
            Assert.Equal(0, after.Metric("objective/score_normalized_mean"), 1e-5); // the first rollout is all there is
        }),
        Of("normalize_advantage", "true", (before, after) =>
        {
            Assert.NotInRange(Mean(before), -0.01, 0.01);
            Assert.Equal(0, Mean(after), 1e-5);
            Assert.Equal(1, SquaresOver(after, less: 1), 1e-4);
        }),
        Of("whiten_variance", "biased", (before, after) => Assert.Equal(1, SquaresOver(after, less: 0), 1e-4), "--normalize_advantage", "true"),
        Of("kl_controller", "adaptive", (before, after) =>
        {
            Assert.Equal(KlCoeff, before.Metric("objective/kl_coeff", 2));
            Assert.Equal(KlCoeff * (1 - (0.2 * 4 / 10000)), after.Metric("objective/kl_coeff", 2), 1e-12); // the KL of step 1 is 0
        }),
        Of("kl_target", "1e-9", (before, after) =>
        {
            Assert.Equal(ControlledBy(before, target: 6), before.Metric("objective/kl_coeff", 3), 1e-12);
            Assert.Equal(ControlledBy(after, target: 1e-9), after.Metric("objective/kl_coeff", 3), 1e-12);
            Assert.NotEqual(before.Metric("objective/kl_coeff", 3), after.Metric("objective/kl_coeff", 3));
        }, [.. Adaptive, "--max_steps", "3", "--per_device_prompt_batch_size", "12"]),
        Of("kl_horizon", "100", (before, after) => Assert.Equal(KlCoeff * (1 - (0.2 * 4 / 100)), after.Metric("objective/kl_coeff", 2), 1e-12), Adaptive),
        Of("missing_eos_penalty", "3", (before, after) =>
        {
            double unfinished = 1 - after.Metric("rollout/finished_fraction");
            Assert.InRange(unfinished, 0.1, 0.9);
            Assert.Equal(before.Metric("objective/score_normalized_mean") - (3 * unfinished), after.Metric("objective/score_normalized_mean"), 1e-9);
        }, Stops),
        Of("critic_warmup_steps", "1", (before, after) =>
        {
            Assert.Equal([1, 2], before.Metrics("policy/loss").Keys);
            Assert.Equal([2], after.Metrics("policy/loss").Keys);
            Assert.Equal([1, 2], after.Metrics("critic/loss").Keys);
        }),
        Of("dual_clip", "1.0001", (before, after) => Assert.True(after.Metric("policy/loss") < before.Metric("policy/loss")),
            [.. Twice, "--clip_range_ratio", "none", "--normalize_advantage", "true"]),
        Of("entropy_coeff", "0.5", (before, after) => Assert.Equal(
            before.Metric("policy/loss") - (0.5 * before.Metric("objective/entropy_per_token")), after.Metric("policy/loss"), 1e-4), OneStep),
        Of("target_kl", "1e-12", (before, after) => Assert.Equal((16, 4), (before.OptimizerSteps(2), after.OptimizerSteps(2))),
            "--save_strategy", "steps", "--update_iters", "4"),
        Of("score_placement", "after_eos", (before, after) =>
        {
            Assert.All(before.Samples().Zip(after.Samples()), pair =>
            {
                Assert.Equal(pair.First.Values, pair.Second.Values);
                Assert.Equal(pair.First.ResponseIds.Length == 8, pair.First.Advantages.SequenceEqual(pair.Second.Advantages)); // no room for a further slot
            });
            Assert.NotEqual(before.Metric("critic/value_mean"), after.Metric("critic/value_mean")); // of one value more
        }, [.. Stops, "--reward_scale", "-1"]), // the critic starts as the reward model: the value behind the end is the score
        Of("loss_aggregation", "micro_batch", (before, after) => Assert.NotEqual(before.Metric("policy/grad_norm"), after.Metric("policy/grad_norm"), 1e-4),
            [.. Stops, .. OneStep]),
    ];

    private static string[] OneStep => ["--gradient_accumulation_steps", "0", "--max_steps", "1"];

    /// <summary>kl_coeff of step 3 by the formula of the adaptive controller.</summary>
    private static double ControlledBy(TinyRun run, double target)
    {
        double error = Math.Clamp((run.Metric("objective/kl_per_seq", 2) / target) - 1, -0.2, 0.2);
        return run.Metric("objective/kl_coeff", 2) * (1 + (error * 12 / 10000));
    }

    /// <summary>The second step, whose KL is not 0, against generalised advantage estimation by hand.</summary>
    private static void AssertAdvantages(TinyRun run, Func<double, double> penalty, double gamma = 1, double lambda = 0.95)
    {
        Assert.Contains(run.Samples(2), sample => sample.LogRatios.Any(ratio => Math.Abs(ratio) > 0.05));
        foreach (TinySample sample in run.Samples(2))
        {
            Assert.Equal(sample.AdvantagesByHand(penalty, gamma, lambda), sample.Advantages, (expected, found) => Math.Abs(expected - found) < 1e-4);
        }
    }

    private static double[] Advantages(TinyRun run) => [.. run.Samples().SelectMany(sample => sample.Advantages)];

    private static double Mean(TinyRun run) => Advantages(run).Average();

    private static double SquaresOver(TinyRun run, int less) => Advantages(run).Sum(advantage => advantage * advantage) / (Advantages(run).Length - less);
}
