using static TorchSharp.torch;

namespace Proxima.Numerics;

/// <summary>Losses of a reward model on pairs of responses (Bradley and Terry 1952; Ouyang et al. 2022, equation 1).</summary>
public static class PreferenceObjective
{
    /// <summary>−log σ(better − worse − margin), the surprise at the better response winning.</summary>
    /// <param name="better">[P] scores of the preferred responses</param>
    /// <param name="worse">[P] scores of the others</param>
    /// <param name="margins">[P] by how much the scores should differ at least; null: 0 (Touvron et al. 2023, equation 2)</param>
    /// <returns>[P]</returns>
    public static Tensor Losses(Tensor better, Tensor worse, Tensor? margins)
    {
        var difference = better - worse;
        return -nn.functional.logsigmoid(margins is null ? difference : difference - margins);
    }

    /// <summary>(better + worse)², which keeps scores around 0 (Eisenstein et al. 2023, section 3.2).</summary>
    /// <param name="better">[P]</param>
    /// <param name="worse">[P]</param>
    /// <returns>[P]</returns>
    public static Tensor Centring(Tensor better, Tensor worse) => (better + worse).square();
}
