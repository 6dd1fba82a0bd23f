namespace Proxima.Training;

/// <summary>The floating-point operations that a PPO step cannot do without, for the utilisation metric.</summary>
public sealed record ComputeBudget
{
    /// <summary>N_lm: weights of the language model, its head included and an untied embedding left out.</summary>
    public required double LanguageModelParameters { get; init; }

    /// <summary>N_b: weights of its blocks.</summary>
    public required double BlockParameters { get; init; }

    /// <summary>N_b of the reward model; 0 when another source scores.</summary>
    public required double RewardModelParameters { get; init; }

    /// <summary>update_iters.</summary>
    public required int Passes { get; init; }

    /// <summary>Fastest matrix product measured on this machine, FLOP/s.</summary>
    public required double PeakFlopsPerSecond { get; init; }

    /// <summary>
    /// FLOPs ÷ (time × peak), FLOPs = tokens × (3 · 2·N_lm + 2·N_b + 2·N_reward) + passes × tokens × 6·(N_lm + N_b): to
    /// generate, reference and old log-probs, values, rewards, and forward and backward of actor and critic.
    /// </summary>
    /// <param name="tokens">prompt and response tokens of the step</param>
    /// <param name="seconds">time of the step</param>
    public double Utilisation(double tokens, double seconds)
    {
        double score = (3 * 2 * LanguageModelParameters) + (2 * BlockParameters) + (2 * RewardModelParameters);
        double update = Passes * 6 * (LanguageModelParameters + BlockParameters);
        return tokens * (score + update) / (seconds * PeakFlopsPerSecond);
    }
}
