using Proxima.Core.Settings;

namespace Proxima.Training;

/// <summary>From raw scores to what is added to the rewards: running normalisation, clip, penalty for unfinished responses.</summary>
public sealed class ScoreShaper(PpoSettings ppo)
{
    /// <summary>Statistics of all scores so far; they move only when normalize_reward is on.</summary>
    public RunningStatistics Statistics { get; set; } = new();

    /// <summary>Shapes the scores of one rollout. The statistics take the rollout in before they are used.</summary>
    /// <param name="scores">[B]</param>
    /// <param name="sequences">[B] whose responses finished or not</param>
    /// <returns>[B]</returns>
    public IReadOnlyList<double> Shape(IReadOnlyList<double> scores, IReadOnlyList<Sequence> sequences)
    {
        if (ppo.NormalizeReward)
        {
            Statistics = Statistics.Merge(scores);
        }

        return [.. scores.Select((score, i) => Shape(score, sequences[i].Finished))];
    }

    private double Shape(double score, bool finished)
    {
        double normalized = ppo.NormalizeReward ? Statistics.Normalize(score) : score;
        double clipped = ppo.ClipRangeScore is double limit ? Math.Clamp(normalized, -limit, limit) : normalized;
        return finished ? clipped : clipped - (ppo.MissingEosPenalty ?? 0);
    }
}
