namespace Proxima.Core.Settings;

/// <summary>What a reward model learns from pairs.</summary>
[ArgumentGroup("Reward model")]
public sealed record RewardModelSettings
{
    [Argument("a pair's scores are to differ by as much as its numbers in sort do")]
    public bool RewardMargin { get; init; }

    [Argument("weight of (better + worse)^2, which keeps the scores around 0")]
    [Bounds(AtLeast = 0)]
    public double RewardCenterCoeff { get; init; }

    [Argument("at the end, multiply the score head so that the scores of the held-out responses have deviation 1")]
    public bool ScaleScoreHead { get; init; }
}
