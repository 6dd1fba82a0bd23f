using System.Reflection;
using Proxima.Core.Metrics;

namespace Proxima.Tests.Core.Metrics;

public sealed class MetricNamesTests
{
    /// <summary>The published list, folder by folder.</summary>
    private static readonly Dictionary<string, string> Expected = new()
    {
        ["objective"] = "kl_per_seq kl_per_token score_mean score_std score_normalized_mean reward_with_kl entropy_per_token kl_coeff",
        ["policy"] = "loss approx_kl clip_fraction ratio_mean ratio_max grad_norm lr skipped_steps",
        ["critic"] = "loss explained_variance clip_fraction value_mean return_mean grad_norm lr skipped_steps",
        ["ptx"] = "loss",
        ["rollout"] = "response_length_mean response_length_min response_length_max finished_fraction distinct_2 logprob_gap_mean logprob_gap_max",
        ["time"] = "rollout_s score_s update_s eval_s save_s",
        ["eval"] = "reward_mean reward_std gold_mean kl_per_seq response_length_mean finished_fraction distinct_2 reference_perplexity loss accuracy",
        ["memory"] = "resident_gb peak_gb",
        ["communication"] = "all_reduce_gb reduce_scatter_gb all_gather_gb exchange_gb",
        ["sft"] = "loss grad_norm lr skipped_steps",
        ["reward"] = "loss accuracy margin_mean grad_norm lr skipped_steps",
        ["throughput"] = "rollout_tokens_per_s train_tokens_per_s sequences_per_s mfu",
    };

    [Fact]
    public void The_constants_are_the_published_names()
    {
        IEnumerable<string> expected = Expected.SelectMany(folder => folder.Value.Split(' ').Select(name => $"{folder.Key}/{name}"));
        IEnumerable<string> actual = typeof(MetricNames)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (string)field.GetRawConstantValue()!);

        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
    }
}
