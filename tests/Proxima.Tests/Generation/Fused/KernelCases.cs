using Proxima.Core.Binding;
using Proxima.Core.Settings;
using Proxima.Generation.Fused.Kernels;

namespace Proxima.Tests.Generation.Fused;

/// <summary>The kernels of this machine, by name.</summary>
internal static class KernelCases
{
    private static readonly Dictionary<string, PanelKernel> ByName = PanelKernels.Kinds()
        .SelectMany(PanelKernels.Of)
        .ToDictionary(kernel => $"{EnumText.Of(kernel.Kind)}, {kernel.Name}");

    public static TheoryData<string> All => [.. ByName.Keys];

    /// <summary>Those in managed code.</summary>
    public static TheoryData<string> Managed => [.. ByName.Keys.Where(name => ByName[name].Kind != ComputeKernel.Bf16Native)];

    public static IEnumerable<PanelKernel> Fp32 => PanelKernels.Of(ComputeKernel.Fp32);

    public static PanelKernel Named(string name) => ByName[name];

    /// <summary>A model with this kernel for its weights.</summary>
    public static KernelChoice Choice(PanelKernel kernel) => KernelChoice.Of(kernel, kernel.Name);

    /// <summary>A model in float32.</summary>
    public static KernelChoice InFp32() => Choice(Fp32.First());
}
