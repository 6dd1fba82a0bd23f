using Proxima.Core.Settings;

namespace Proxima.Training;

/// <summary>The coefficient of the KL penalty: fixed, or moved towards a target (Ziegler et al. 2019, section 2.2).</summary>
public sealed class KlController(PpoSettings settings)
{
    private const double LargestError = 0.2;

    /// <summary>kl_coeff of the coming step.</summary>
    public double Coefficient { get; set; } = settings.KlCoeff;

    /// <summary>c ← c·(1 + clip(KL ÷ target − 1, ±.2)·n ÷ horizon), when the controller is adaptive.</summary>
    /// <param name="klPerSequence">mean over sequences of the KL summed over tokens</param>
    /// <param name="sequences">n, of all ranks</param>
    public void Update(double klPerSequence, int sequences)
    {
        if (settings.KlController == KlControllerType.Adaptive)
        {
            double error = Math.Clamp((klPerSequence / settings.KlTarget) - 1, -LargestError, LargestError);
            Coefficient *= 1 + (error * sequences / settings.KlHorizon);
        }
    }
}
