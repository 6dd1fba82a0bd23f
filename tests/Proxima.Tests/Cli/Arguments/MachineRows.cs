using Proxima.Core;
using Proxima.Models.Native;
using Proxima.Models.Weights;
using static Proxima.Tests.Cli.Arguments.ArgumentRow;
using static TorchSharp.torch;

namespace Proxima.Tests.Cli.Arguments;

/// <summary>
/// Number types, attention, recomputation, sharding. What they save is shown by RecomputationTests, FusedAttentionTests and, on several ranks,
/// Proxima.Parallel.Tests.
/// </summary>
internal static class MachineRows
{
    private static readonly string[] Recompute = ["--recompute", "true"];

    public static IEnumerable<ArgumentRow> All { get; } =
    [
        Custom("device", runs =>
        {
            Assert.Contains("device: cpu, as device says", runs.Run("--device", "cpu").Output, StringComparison.Ordinal);
            TinyRun onGpu = runs.Run("--device", "cuda");
            if (TorchDevices.CudaHindrance() is { } hindrance)
            {
                Assert.Equal(ExitCode.Usage, onGpu.ExitCode);
                Assert.Contains($"device = cuda: {hindrance}. ", onGpu.Error, StringComparison.Ordinal);
                Assert.Contains(", or give --device cpu.", onGpu.Error, StringComparison.Ordinal);
            }
            else
            {
                Assert.Contains("device: cuda:0 (", onGpu.Output, StringComparison.Ordinal);
            }
        }),
        Custom("fp16", runs =>
        {
            TinyRun run = runs.Run("--fp16", "true");
            if (TorchDevices.CudaHindrance() is { } hindrance)
            {
                Assert.Equal(ExitCode.Usage, run.ExitCode);
                Assert.Contains($"fp16 is set, and the run computes on cpu, since {hindrance}: expected to be left out, since float16 products", run.Error, StringComparison.Ordinal);
            }
            else
            {
                Assert.Contains("fp16 O1, products in float16", run.Output, StringComparison.Ordinal);
            }
        }),
        Of("num_threads", "2", (before, after) =>
        {
            Assert.Contains("; 1 threads;", before.Output, StringComparison.Ordinal);
            Assert.Contains("; 2 threads;", after.Output, StringComparison.Ordinal);
        }),
        Of("bf16", "true", (before, after) =>
        {
            Assert.Contains("bf16 O1, products in", after.Output, StringComparison.Ordinal);
            Assert.NotEqual(before.Weights("actor"), after.Weights("actor"));
            AssertNear(before, after);
        }),
        Of("fp16_opt_level", "O2", (before, after) =>
        {
            Assert.Contains("bf16 O2, products in", after.Output, StringComparison.Ordinal);
            AssertNear(before, after);
            using var scope = NewDisposeScope();
            using SafetensorsFile saved = SafetensorsFile.Open(after.At("checkpoint-2", "optimizer-rank0.safetensors"));
            var masters = saved.Read("actor.weights"); // [N]
            Assert.Equal(ScalarType.Float32, masters.dtype);
            Assert.False(masters.equal(masters.to_type(ScalarType.BFloat16).to_type(ScalarType.Float32)).all().item<bool>());
        }, "--bf16", "true", "--save_strategy", "steps"),
        Of("compute_kernel", "bf16_managed", (before, after) =>
        {
            Assert.Equal("bf16_managed", after.Setting("compute_kernel"));
            Assert.NotEqual(before.Metric("rollout/logprob_gap_mean"), after.Metric("rollout/logprob_gap_mean"));
            Assert.InRange(after.Metric("rollout/logprob_gap_mean"), 1e-5, 0.05); // weights rounded to 16 bit
        }, "--compute_kernel", "fp32"),
        Of("use_flash_attention", "true", (before, after) =>
        {
            Assert.NotEqual(before.Weights("actor"), after.Weights("actor")); // another order of sums
            AssertNear(before, after);
        }, "--use_fusemt", "false"),
        Of("offload", "true", (before, after) =>
        {
            Assert.Contains("(frozen, in memory only while it scores)", after.Line("reference "), StringComparison.Ordinal);
            Assert.Contains("(frozen, in memory only while it scores)", after.Line("reward "), StringComparison.Ordinal);
            Assert.Equal(before.Weights("actor"), after.Weights("actor"));
            Assert.Equal(before.Weights("critic"), after.Weights("critic"));
        }),
        Of("recompute", "true", (before, after) => AssertRecomputes(before, after, "trained, recomputing blocks", "trained, recomputing blocks")),
        Of("critic_recompute", "false", (before, after) => AssertRecomputes(before, after, "trained, recomputing blocks", "trained"), Recompute),
        Of("recompute_granularity", "core_attn", (before, after) =>
            AssertRecomputes(before, after, "trained, recomputing attention scores", "trained, recomputing blocks"), Recompute),
        Of("critic_recompute_granularity", "full_attn", (before, after) =>
            AssertRecomputes(before, after, "trained, recomputing blocks", "trained, recomputing attention"), Recompute),
        Of("sharding", "stage3", (before, after) =>
        {
            Assert.DoesNotContain("sharding:", before.Output, StringComparison.Ordinal);
            Assert.Contains("sharding: stage3 in groups of 1", after.Output, StringComparison.Ordinal);
            AssertNear(before, after);
        }),
        Custom("sharding_parallel_degree", runs =>
        {
            TinyRun run = runs.Run("--sharding", "stage1", "--sharding_parallel_degree", "2");
            Assert.Equal(ExitCode.Usage, run.ExitCode);
            Assert.Contains("sharding_parallel_degree = 2, but the run has 1 rank: expected a number that divides them.", run.Error, StringComparison.Ordinal);
        }),
    ];

    /// <summary>Recomputation changes no bit of the weights.</summary>
    private static void AssertRecomputes(TinyRun before, TinyRun after, string actor, string critic)
    {
        Assert.Contains($"({actor})", after.Line("actor "), StringComparison.Ordinal);
        Assert.Contains($"({critic})", after.Line("critic "), StringComparison.Ordinal);
        Assert.Equal(before.Weights("actor"), after.Weights("actor"));
        Assert.Equal(before.Weights("critic"), after.Weights("critic"));
    }

    /// <summary>The critic's first values, those after the prompts, differ by rounding alone: they spread over 20 times as much.</summary>
    private static void AssertNear(TinyRun before, TinyRun after)
    {
        double[] expected = [.. before.Samples().Select(sample => sample.Values[0])];
        double[] found = [.. after.Samples().Select(sample => sample.Values[0])];
        double spread = expected.Max() - expected.Min();
        Assert.All(expected.Zip(found), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, spread / 20));
    }
}
