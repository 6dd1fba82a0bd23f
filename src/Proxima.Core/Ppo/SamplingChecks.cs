using Proxima.Core.Settings;

namespace Proxima.Core.Ppo;

/// <summary>Checks across the arguments of lengths and sampling, for every command that samples.</summary>
internal static class SamplingChecks
{
    /// <summary>Why an option of sampling has no effect at temperature 0.</summary>
    public const string GreedyReason = "temperature is 0, so the likeliest token is always taken";

    public static void Require<TRoot>(SettingsChecks<TRoot> checks, SamplingSettings sampling)
        where TRoot : class
    {
        long prompt = sampling.MaxPromptLen ?? 1;
        checks.Require(
            prompt + sampling.MaxDecLen < sampling.MaxSeqLen,
            sampling.MaxPromptLen is null ? ["max_dec_len", "max_seq_len"] : ["max_prompt_len", "max_dec_len", "max_seq_len"],
            sampling.MaxPromptLen is null ? "max_dec_len + 1 below max_seq_len" : "max_prompt_len + max_dec_len below max_seq_len",
            "Shorten the prompts or responses, or raise max_seq_len.");
        checks.Require(sampling.MinDecLen <= sampling.MaxDecLen, ["min_dec_len", "max_dec_len"], "min_dec_len at most max_dec_len", "Lower min_dec_len.");
    }

    /// <summary>Options of sampling that may have no effect, for the commands that allow temperature 0.</summary>
    public static IEnumerable<(string Key, bool IsInactive, string Because)> InactiveOptions(SamplingSettings sampling) =>
    [
        ("stop_token_ids", sampling.IgnoreEos, "ignore_eos is true"),
        ("top_p", sampling.Temperature == 0, GreedyReason),
        ("top_k", sampling.Temperature == 0, GreedyReason),
        ("num_return_sequences", sampling.Temperature == 0, "temperature is 0, so all answers to a prompt are the same"),
    ];
}
