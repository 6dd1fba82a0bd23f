using Proxima.Core;
using static TorchSharp.torch;

namespace Proxima.Training.Preferences;

/// <summary>
/// Scales a reward model's head so that the scores of given responses have deviation 1. The order of responses stays; kl_coeff and
/// score clips then mean the same for every reward model.
/// </summary>
public static class ScoreHeadScale
{
    /// <summary>Multiplies the head.</summary>
    /// <param name="head">[1, C] weights of the head</param>
    /// <param name="scores">the model's scores of held-out responses</param>
    /// <returns>what the head was multiplied by</returns>
    /// <exception cref="ProximaException">the scores are all alike or not finite</exception>
    public static double Apply(Tensor head, IReadOnlyList<double> scores)
    {
        double deviation = ResponseStatistics.Deviation(scores);
        if (!double.IsFinite(deviation) || deviation == 0)
        {
            throw new ProximaException(
                ExitCode.Numerical,
                $"scale_score_head: the scores of the {scores.Count} held-out responses have deviation {deviation}; a number above 0 was expected. "
                + "The model tells no responses apart; train longer or with another rate.");
        }

        using var noGrad = no_grad();
        head.mul_(1 / deviation);
        return 1 / deviation;
    }
}
