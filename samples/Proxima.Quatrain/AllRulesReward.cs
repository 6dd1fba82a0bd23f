using Proxima.Training.Rewards;

namespace Proxima.Quatrain;

/// <summary>1 for a poem with the form that meets all tonal checks, else 0: its mean is the share of such poems.</summary>
public sealed class AllRulesReward(Lazy<TonalRules> rules) : IRewardFunction
{
    public double Score(ScoredAnswer answer) =>
        Quatrain.Parse(answer.Text) is { } poem && rules.Value.ChecksMet(poem) == TonalRules.CheckCount ? 1 : 0;
}
