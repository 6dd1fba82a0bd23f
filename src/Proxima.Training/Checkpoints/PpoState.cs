using Proxima.Core.Settings;
using Proxima.Data.Tasks;

namespace Proxima.Training.Checkpoints;

/// <summary>The state that only PPO has.</summary>
/// <param name="Scores">running statistics of the scores</param>
/// <param name="Kl">kl_coeff</param>
/// <param name="Kernel">of the engine that generates</param>
/// <param name="Dialogues">where the ptx task stands; null without one</param>
public sealed record PpoState(ScoreShaper Scores, KlController Kl, ComputeKernel Kernel, TaskMixer? Dialogues)
{
    /// <summary>Goes back to a state; what it does not hold stays as it is, such as the place in a ptx task that is new.</summary>
    public void Restore(TrainerState state)
    {
        Scores.Statistics = state.ScoreStatistics ?? Scores.Statistics;
        Kl.Coefficient = state.KlCoefficient ?? Kl.Coefficient;
        if (state.Ptx is { } place)
        {
            Dialogues?.Restore(place);
        }
    }
}
