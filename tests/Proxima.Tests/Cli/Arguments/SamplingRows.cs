using static Proxima.Tests.Cli.Arguments.ArgumentRow;

namespace Proxima.Tests.Cli.Arguments;

/// <summary>Lengths and sampling. Full stop, comma and "was" are the ids 426, 432 and 286.</summary>
internal static class SamplingRows
{
    private static readonly string[] Stops = ["--stop_token_ids", "426,432,286", "--per_device_prompt_batch_size", "12"];

    public static IEnumerable<ArgumentRow> All { get; } =
    [
        Of("max_seq_len", "17", (before, after) =>
        {
            // 17 − 8 − 1 tokens are left for a prompt, of which the end is kept.
            Assert.Contains(before.Samples(), sample => sample.PromptIds.Length > 8);
            Assert.All(after.Samples(), sample => Assert.InRange(sample.PromptIds.Length, 1, 8));
        }),
        Of("max_prompt_len", "6", (before, after) =>
        {
            Assert.All(before.Samples(), sample => Assert.InRange(sample.PromptIds.Length, 7, 55));
            Assert.All(after.Samples(), sample => Assert.InRange(sample.PromptIds.Length, 1, 6));
        }),
        Of("max_dec_len", "5", (before, after) =>
        {
            Assert.All(before.Samples(), sample => Assert.Equal(8, sample.ResponseIds.Length));
            Assert.All(after.Samples(), sample => Assert.Equal(5, sample.ResponseIds.Length));
        }, "--ignore_eos", "true"),
        Of("min_dec_len", "6", (before, after) =>
        {
            Assert.Contains(before.Samples(), sample => sample.ResponseIds.Length < 6);
            Assert.All(after.Samples(), sample => Assert.InRange(sample.ResponseIds.Length, 6, 8));
            Assert.Contains(after.Samples(), sample => sample.Finished);
        }, Stops),
        Of("temperature", "0.3", (before, after) =>
        {
            Assert.True(after.Metric("objective/entropy_per_token") < 0.5 * before.Metric("objective/entropy_per_token"));
            Assert.InRange(after.Metric("rollout/logprob_gap_max"), 0, 1e-4); // trainer and sampler divide by the same
        }),
        Of("top_p", "1e-6", AssertGreedy, "--num_return_sequences", "3"),
        Of("top_k", "1", AssertGreedy, "--num_return_sequences", "3"),
        Of("repetition_penalty", "1000", (before, after) => Assert.True(Repeats(after) < Repeats(before)), "--max_dec_len", "24"),
        Of("num_return_sequences", "2", (before, after) =>
        {
            Assert.Equal((4, 8), (before.Samples().Count, after.Samples().Count));
            Assert.All(after.Samples().Chunk(2), pair => Assert.Equal(pair[0].Prompt, pair[1].Prompt));
        }),
        Of("stop_token_ids", "426,432", (before, after) =>
        {
            Assert.Equal(0, before.Metric("rollout/finished_fraction"));
            Assert.Contains(after.Samples(), sample => sample.Finished);
            Assert.All(after.Samples(), sample => Assert.Equal(sample.Finished, sample.ResponseIds[^1] is 426 or 432));
        }, "--per_device_prompt_batch_size", "12"),
        Of("stop_strings", "he", (before, after) =>
        {
            Assert.Equal(0, before.Metric("rollout/finished_fraction"));
            Assert.Contains(after.Samples(), sample => sample.Finished);
            Assert.All(after.Samples(), sample => Assert.Equal(sample.Finished, sample.Response.Contains("he", StringComparison.Ordinal)));
        }, "--per_device_prompt_batch_size", "12"),
        Of("ignore_eos", "true", (before, after) =>
        {
            Assert.Contains(before.Samples(), sample => sample.ResponseIds.Length < 8);
            Assert.All(after.Samples(), sample => Assert.Equal((8, true), (sample.ResponseIds.Length, sample.Finished)));
        }, "--stop_strings", "he", "--per_device_prompt_batch_size", "12"),
        Of("use_fusemt", "false", (before, after) =>
        {
            Assert.DoesNotContain("generation: the plain model", before.Output, StringComparison.Ordinal);
            Assert.Contains("generation: the plain model", after.Output, StringComparison.Ordinal);
            Assert.Equal(before.Samples().Select(sample => sample.Response), after.Samples().Select(sample => sample.Response));
        }),
    ];

    private static void AssertGreedy(TinyRun before, TinyRun after)
    {
        Assert.Contains(before.Samples().Chunk(3), answers => answers.DistinctBy(answer => answer.Response).Count() > 1);
        Assert.All(after.Samples().Chunk(3), answers => Assert.Single(answers.DistinctBy(answer => answer.Response)));
    }

    private static int Repeats(TinyRun run) => run.Samples().Sum(sample => sample.ResponseIds.Length - sample.ResponseIds.Distinct().Count());
}
