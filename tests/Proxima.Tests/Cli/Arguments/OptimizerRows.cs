using static Proxima.Tests.Cli.Arguments.ArgumentRow;

namespace Proxima.Tests.Cli.Arguments;

/// <summary>Optimizers, schedules and batches.</summary>
internal static class OptimizerRows
{
    private const double Peak = 1e-3;

    /// <summary>Four steps of one optimizer step each, both schedules linear: the rates are 1, ¾, ½ and ¼ of the peak.</summary>
    private static readonly string[] Linear =
        ["--gradient_accumulation_steps", "0", "--max_steps", "4", "--lr_scheduler_type", "linear", "--critic_lr_scheduler_type", "linear"];

    private static readonly string[] OneStep = ["--gradient_accumulation_steps", "0", "--max_steps", "1"];

    private static readonly string[] Saved = ["--save_strategy", "steps"];

    public static IEnumerable<ArgumentRow> All { get; } =
    [
        Of("learning_rate", "2e-3", (_, after) => AssertRates(after, [2e-3, 1.5e-3, 1e-3, 5e-4], [2e-3, 1.5e-3, 1e-3, 5e-4]), Linear),
        Of("min_learning_rate", "4e-4", (before, after) =>
        {
            AssertRates(before, [Peak, 5e-4, 0, 0], [Peak, 7.5e-4, 5e-4, 2.5e-4]);
            AssertRates(after, [Peak, 7e-4, 4e-4, 4e-4], [Peak, 7.5e-4, 5e-4, 2.5e-4]);
        }, [.. Linear, "--decay_steps", "2"]),
        Of("critic_learning_rate", "4e-4", (_, after) => AssertRates(after, [Peak, 7.5e-4, 5e-4, 2.5e-4], [4e-4, 3e-4, 2e-4, 1e-4]), Linear),
        Of("critic_min_learning_rate", "4e-4", (before, after) =>
        {
            AssertRates(before, [Peak, 7.5e-4, 5e-4, 2.5e-4], [Peak, 5e-4, 0, 0]);
            AssertRates(after, [Peak, 7.5e-4, 5e-4, 2.5e-4], [Peak, 7e-4, 4e-4, 4e-4]);
        }, [.. Linear, "--critic_decay_steps", "2"]),
        Of("lr_scheduler_type", "cosine", (_, after) => AssertRates(after, Cosine(), [Peak, 7.5e-4, 5e-4, 2.5e-4]), Linear),
        Of("critic_lr_scheduler_type", "cosine", (_, after) => AssertRates(after, [Peak, 7.5e-4, 5e-4, 2.5e-4], Cosine()), Linear),
        Of("warmup_ratio", "0.5", (_, after) => AssertRates(after, [0, 5e-4, Peak, 5e-4], [0, 5e-4, Peak, 5e-4]), Linear),
        Of("critic_warmup_ratio", "0.5", (_, after) => AssertRates(after, [Peak, 7.5e-4, 5e-4, 2.5e-4], [0, 5e-4, Peak, 5e-4]), Linear),
        Of("warmup_steps", "2", (_, after) => AssertRates(after, [0, 5e-4, Peak, 5e-4], [0, 5e-4, Peak, 5e-4]), Linear),
        Of("decay_steps", "2", (_, after) => AssertRates(after, [Peak, 5e-4, 0, 0], [Peak, 7.5e-4, 5e-4, 2.5e-4]), Linear),
        Of("critic_decay_steps", "2", (_, after) => AssertRates(after, [Peak, 7.5e-4, 5e-4, 2.5e-4], [Peak, 5e-4, 0, 0]), Linear),
        Of("weight_decay", "0.5", (before, after) => AssertDecay(before, after, "actor", TinyRuns.Actor, "critic"), OneStep),
        Of("critic_weight_decay", "0.5", (before, after) => AssertDecay(before, after, "critic", TinyRuns.Reward, "actor"), OneStep),
        Of("adam_beta1", "0.5", AssertOtherSecondStep, [.. OneStep, "--max_steps", "2"]),
        Of("adam_beta2", "0.5", AssertOtherSecondStep, [.. OneStep, "--max_steps", "2"]),
        Of("adam_epsilon", "1", (before, after) => Assert.InRange(Distance(after) / Distance(before), 0, 0.5), OneStep),
        Of("max_grad_norm", "1e-8", (before, after) =>
        {
            // Adam divides by the gradient's size, so that only one as small as its epsilon shows.
            Assert.Equal(before.Metric("policy/grad_norm"), after.Metric("policy/grad_norm"));
            Assert.InRange(Distance(after) / Distance(before), 0, 0.5);
        }, OneStep),

        Of("per_device_prompt_batch_size", "6", (before, after) => Assert.Equal((4, 6), (before.Samples().Count, after.Samples().Count))),
        Of("per_device_train_batch_size", "1", (before, after) => Assert.Equal((4, 8), (before.OptimizerSteps(2), after.OptimizerSteps(2))), Saved),
        Of("gradient_accumulation_steps", "2", (before, after) => Assert.Equal((4, 2), (before.OptimizerSteps(2), after.OptimizerSteps(2))), Saved),
        Of("per_device_eval_batch_size", _ => "2", (before, after) => Assert.Equal((6, 2), (before.Evaluation(0).Count, after.Evaluation(0).Count)),
            runs => [.. runs.Evaluated, "--max_evaluate_steps", "1"]),
    ];

    /// <summary>½(1 + cos πx) of the peak at x = 0, ¼, ½, ¾.</summary>
    private static double[] Cosine() => [Peak, 8.535533905932738e-4, 5e-4, 1.4644660940672624e-4];

    private static void AssertRates(TinyRun run, double[] actor, double[] critic)
    {
        Assert.Equal(actor, run.Metrics("policy/lr").Values, (expected, found) => Math.Abs(expected - found) < 1e-15);
        Assert.Equal(critic, run.Metrics("critic/lr").Values, (expected, found) => Math.Abs(expected - found) < 1e-15);
    }

    /// <summary>One step later a decayed weight is smaller by rate × decay × what it was; norms and the other model are untouched.</summary>
    private static void AssertDecay(TinyRun before, TinyRun after, string model, string source, string other)
    {
        SortedDictionary<string, float[]> start = TinyRun.WeightsOf(source);
        SortedDictionary<string, float[]> plain = before.Weights(model);
        foreach ((string name, float[] decayed) in after.Weights(model))
        {
            double decay = name.Contains("norm", StringComparison.Ordinal) ? 0 : Peak * 0.5;
            for (int i = 0; i < decayed.Length; i++)
            {
                Assert.Equal(plain[name][i] - (decay * start[name][i]), decayed[i], 1e-6);
            }
        }

        Assert.Equal(before.Weights(other), after.Weights(other));
    }

    /// <summary>The first step of Adam is the same whatever its betas are.</summary>
    private static void AssertOtherSecondStep(TinyRun before, TinyRun after)
    {
        Assert.Equal(before.Samples(2).Select(sample => sample.Response), after.Samples(2).Select(sample => sample.Response));
        Assert.Equal(before.Metric("policy/grad_norm", 2), after.Metric("policy/grad_norm", 2), 1e-4);
        float[] expected = before.Weights("actor")["model.embed_tokens.weight"];
        float[] found = after.Weights("actor")["model.embed_tokens.weight"];
        Assert.InRange(expected.Zip(found, (a, b) => Math.Abs(a - b)).Max(), 1e-4, 1e-2);
    }

    /// <summary>How far the actor went, root mean square.</summary>
    private static double Distance(TinyRun run)
    {
        SortedDictionary<string, float[]> start = TinyRun.WeightsOf(TinyRuns.Actor);
        return Math.Sqrt(run.Weights("actor").SelectMany(pair => pair.Value.Zip(start[pair.Key], (a, b) => (double)(a - b) * (a - b))).Average());
    }
}
