using System.Runtime.Intrinsics;
using Proxima.Core;
using Proxima.Core.Binding;
using Proxima.Core.Settings;

namespace Proxima.Generation.Fused.Kernels;

/// <summary>The kernels that this machine can run.</summary>
internal static class PanelKernels
{
    private static readonly Lazy<(PanelKernel? Kernel, string? Hindrance)> Native = new(FindNative);

    /// <summary>Those that serve one setting of compute_kernel. All of one kind give the same bits.</summary>
    /// <exception cref="ProximaException">the machine can run none</exception>
    public static IReadOnlyList<PanelKernel> Of(ComputeKernel kind) => kind switch
    {
        ComputeKernel.Fp32 => Managed<Fp32Panel>(kind),
        ComputeKernel.Bf16Managed => Managed<Bf16Panel>(kind),
        ComputeKernel.Bf16Native when Native.Value.Kernel is { } native => [native],
        ComputeKernel.Bf16Native => throw new ProximaException(
            ExitCode.Usage,
            $"compute_kernel = {EnumText.Of(kind)}: {Native.Value.Hindrance}. Give auto, or {EnumText.Of(ComputeKernel.Bf16Managed)}, which needs nothing of the kind."),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "auto is no kernel"),
    };

    /// <summary>The kinds that this machine can run.</summary>
    public static IReadOnlyList<ComputeKernel> Kinds() => Native.Value.Kernel is null
        ? [ComputeKernel.Fp32, ComputeKernel.Bf16Managed]
        : [ComputeKernel.Fp32, ComputeKernel.Bf16Managed, ComputeKernel.Bf16Native];

    /// <summary>Why the kind bf16_native is missing; null where it is there.</summary>
    public static string? NativeHindrance => Native.Value.Hindrance;

    private static PanelKernel[] Managed<TPanel>(ComputeKernel kind)
        where TPanel : struct, IPanelFormat => Vector512.IsHardwareAccelerated
            ? [new WideKernel<TPanel>(kind), new NarrowKernel<TPanel>(kind)]
            : [new NarrowKernel<TPanel>(kind)];

    private static (PanelKernel? Kernel, string? Hindrance) FindNative()
    {
        if (!NativeKernel.IsSupported)
        {
            return (null, "this processor has no AVX512-BF16");
        }

        if (NativeKernel.Create() is not { } native)
        {
            return (null, "this system does not let a program run code that it has written");
        }

        return KernelSelfTest.Agree(native, Of(ComputeKernel.Bf16Managed)[0]) ? (native, null) : (null, "its results differ from those of the managed kernel");
    }
}
