using System.Globalization;
using Proxima.Core.Settings;

namespace Proxima.Generation.Fused.Kernels;

/// <summary>The kernels of a model.</summary>
internal sealed record KernelChoice
{
    /// <summary>For products with weights.</summary>
    public required PanelKernel ForWeights { get; init; }

    /// <summary>
    /// For attention: keys and values are bfloat16 where the rows of other products are rounded too, else float32. Queries and shares are
    /// float32 always.
    /// </summary>
    public required PanelKernel ForAttention { get; init; }

    /// <summary>What was chosen and how fast each candidate was, for the log.</summary>
    public required string Description { get; init; }

    /// <summary>Times what the setting and the precision allow, and takes the fastest.</summary>
    /// <param name="setting">compute_kernel</param>
    /// <param name="precision">of the run; auto stays with float32 unless it is bfloat16</param>
    /// <param name="weights">weights of the model</param>
    /// <exception cref="Core.ProximaException">the machine cannot run what is asked for</exception>
    public static KernelChoice Make(ComputeKernel setting, ComputePrecision precision, long weights)
    {
        IReadOnlyList<ComputeKernel> kinds = (setting, precision) switch
        {
            (not ComputeKernel.Auto, _) => [setting],
            (_, ComputePrecision.Bf16) => PanelKernels.Kinds(),
            _ => [ComputeKernel.Fp32],
        };
        PanelKernel[] candidates = [.. kinds.SelectMany(PanelKernels.Of)];
        double[] seconds = [.. candidates.Select(kernel => KernelTimer.SecondsPerWeight(kernel, weights))];
        PanelKernel chosen = candidates[Array.IndexOf(seconds, seconds.Min())];
        return Of(chosen, $"{chosen.Text} of {string.Join(", ", candidates.Zip(seconds, Speed))}");
    }

    /// <summary>With this kernel for the weights.</summary>
    public static KernelChoice Of(PanelKernel chosen, string description) => new()
    {
        ForWeights = chosen,
        ForAttention = chosen.Kind switch
        {
            ComputeKernel.Fp32 => chosen,
            ComputeKernel.Bf16Native => PanelKernels.Of(ComputeKernel.Bf16Managed)[0],
            _ => PanelKernels.Of(ComputeKernel.Fp32)[0],
        },
        Description = description,
    };

    private static string Speed(PanelKernel kernel, double seconds) => string.Create(
        CultureInfo.InvariantCulture, $"{kernel.Text} {KernelTimer.GigaflopsPerSecond(seconds):F0} GFLOP/s a thread");
}
