using Proxima.Training.Rewards;

namespace Proxima.Quatrain;

/// <summary>0 without the form, else the share of tonal checks met, less 0.05 for every repeated character after the first.</summary>
public sealed class QuatrainReward(Lazy<TonalRules> rules) : IRewardFunction
{
    private const double Repetition = 0.05;

    public double Score(ScoredAnswer answer) => Quatrain.Parse(answer.Text) is { } poem
        ? (rules.Value.ChecksMet(poem) / (double)TonalRules.CheckCount) - (Repetition * (poem.Characters.Count() - poem.Characters.Distinct().Count()))
        : 0;
}
