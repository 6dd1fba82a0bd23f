namespace Proxima.Core.Metrics;

/// <summary>
/// Every metric that a run writes. The unit is in the name; docs/metrics.md explains each. Means are over all ranks and over the steps
/// since the last log line, _min and _max are extremes.
/// </summary>
public static class MetricNames
{
    public const string ObjectiveKlPerSeq = "objective/kl_per_seq";
    public const string ObjectiveKlPerToken = "objective/kl_per_token";
    public const string ObjectiveScoreMean = "objective/score_mean";
    public const string ObjectiveScoreStd = "objective/score_std";
    public const string ObjectiveScoreNormalizedMean = "objective/score_normalized_mean";
    public const string ObjectiveRewardWithKl = "objective/reward_with_kl";
    public const string ObjectiveEntropyPerToken = "objective/entropy_per_token";
    public const string ObjectiveKlCoeff = "objective/kl_coeff";

    public const string PolicyLoss = "policy/loss";
    public const string PolicyApproxKl = "policy/approx_kl";
    public const string PolicyClipFraction = "policy/clip_fraction";
    public const string PolicyRatioMean = "policy/ratio_mean";
    public const string PolicyRatioMax = "policy/ratio_max";
    public const string PolicyGradNorm = "policy/grad_norm";
    public const string PolicyLr = "policy/lr";
    public const string PolicySkippedSteps = "policy/skipped_steps";

    public const string CriticLoss = "critic/loss";
    public const string CriticExplainedVariance = "critic/explained_variance";
    public const string CriticClipFraction = "critic/clip_fraction";
    public const string CriticValueMean = "critic/value_mean";
    public const string CriticReturnMean = "critic/return_mean";
    public const string CriticGradNorm = "critic/grad_norm";
    public const string CriticLr = "critic/lr";
    public const string CriticSkippedSteps = "critic/skipped_steps";

    public const string PtxLoss = "ptx/loss";

    public const string RolloutResponseLengthMean = "rollout/response_length_mean";
    public const string RolloutResponseLengthMin = "rollout/response_length_min";
    public const string RolloutResponseLengthMax = "rollout/response_length_max";
    public const string RolloutFinishedFraction = "rollout/finished_fraction";
    public const string RolloutDistinct2 = "rollout/distinct_2";
    public const string RolloutLogprobGapMean = "rollout/logprob_gap_mean";
    public const string RolloutLogprobGapMax = "rollout/logprob_gap_max";

    public const string TimeRolloutS = "time/rollout_s";
    public const string TimeScoreS = "time/score_s";
    public const string TimeUpdateS = "time/update_s";
    public const string TimeEvalS = "time/eval_s";
    public const string TimeSaveS = "time/save_s";

    public const string EvalRewardMean = "eval/reward_mean";
    public const string EvalRewardStd = "eval/reward_std";
    public const string EvalGoldMean = "eval/gold_mean";
    public const string EvalKlPerSeq = "eval/kl_per_seq";
    public const string EvalResponseLengthMean = "eval/response_length_mean";
    public const string EvalFinishedFraction = "eval/finished_fraction";
    public const string EvalDistinct2 = "eval/distinct_2";
    public const string EvalReferencePerplexity = "eval/reference_perplexity";
    public const string EvalLoss = "eval/loss";
    public const string EvalAccuracy = "eval/accuracy";

    public const string MemoryResidentGb = "memory/resident_gb";
    public const string MemoryPeakGb = "memory/peak_gb";

    public const string CommunicationAllReduceGb = "communication/all_reduce_gb";
    public const string CommunicationReduceScatterGb = "communication/reduce_scatter_gb";
    public const string CommunicationAllGatherGb = "communication/all_gather_gb";
    public const string CommunicationExchangeGb = "communication/exchange_gb";

    public const string SftLoss = "sft/loss";
    public const string SftGradNorm = "sft/grad_norm";
    public const string SftLr = "sft/lr";
    public const string SftSkippedSteps = "sft/skipped_steps";

    public const string RewardLoss = "reward/loss";
    public const string RewardAccuracy = "reward/accuracy";
    public const string RewardMarginMean = "reward/margin_mean";
    public const string RewardGradNorm = "reward/grad_norm";
    public const string RewardLr = "reward/lr";
    public const string RewardSkippedSteps = "reward/skipped_steps";

    public const string ThroughputRolloutTokensPerS = "throughput/rollout_tokens_per_s";
    public const string ThroughputTrainTokensPerS = "throughput/train_tokens_per_s";
    public const string ThroughputSequencesPerS = "throughput/sequences_per_s";
    public const string ThroughputMfu = "throughput/mfu";

    /// <summary>What an evaluation of <c>sft</c> measures.</summary>
    public static IReadOnlyList<string> OfSftEvaluation { get; } = [EvalLoss];

    /// <summary>What an evaluation of <c>reward</c> measures.</summary>
    public static IReadOnlyList<string> OfRewardEvaluation { get; } = [EvalLoss, EvalAccuracy];

    /// <summary>Whether less of an evaluation's metric is better.</summary>
    public static bool LessIsBetter(string metric) => metric == EvalLoss;

    /// <summary>What an evaluation of <c>ppo</c> measures.</summary>
    public static IReadOnlyList<string> OfPpoEvaluation { get; } =
    [
        EvalRewardMean,
        EvalRewardStd,
        EvalGoldMean,
        EvalKlPerSeq,
        EvalResponseLengthMean,
        EvalFinishedFraction,
        EvalDistinct2,
        EvalReferencePerplexity,
    ];
}
