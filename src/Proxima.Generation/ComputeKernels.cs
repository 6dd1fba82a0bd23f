using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Generation.Fused.Kernels;

namespace Proxima.Generation;

/// <summary>What this machine can do of compute_kernel.</summary>
public static class ComputeKernels
{
    /// <summary>Weights of a model too large for the caches.</summary>
    private const long LargeModel = 1L << 30;

    /// <summary>Fails early where a setting asks for a kernel that this machine cannot run.</summary>
    /// <param name="setting">compute_kernel; auto never fails</param>
    /// <exception cref="ProximaException">exit code Usage</exception>
    public static void Require(ComputeKernel setting)
    {
        if (setting != ComputeKernel.Auto)
        {
            _ = PanelKernels.Of(setting);
        }
    }

    /// <summary>The kernels of this machine, their speed, and what auto takes, for <c>proxima doctor</c>.</summary>
    public static Check Inspect()
    {
        KernelChoice single = KernelChoice.Make(ComputeKernel.Auto, ComputePrecision.Fp32, LargeModel);
        KernelChoice half = KernelChoice.Make(ComputeKernel.Auto, ComputePrecision.Bf16, LargeModel);
        string hindrance = PanelKernels.NativeHindrance is { } reason ? $"; no bf16_native: {reason}" : "";
        return new Check("kernels", true, $"{single.ForWeights.Text} for fp32 runs; {half.Description} for bf16 runs{hindrance}");
    }
}
