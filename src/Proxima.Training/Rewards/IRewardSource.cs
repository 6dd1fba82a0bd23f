namespace Proxima.Training.Rewards;

/// <summary>Gives each sequence one score; higher is better.</summary>
public interface IRewardSource
{
    /// <param name="sequences">[B]</param>
    /// <returns>[B] finite scores in the order of the sequences</returns>
    public IReadOnlyList<double> Score(IReadOnlyList<Sequence> sequences);
}
