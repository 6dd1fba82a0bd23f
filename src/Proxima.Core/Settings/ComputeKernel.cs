namespace Proxima.Core.Settings;

/// <summary>Kernel of the fused engine. In snake_case on the command line.</summary>
public enum ComputeKernel
{
    Auto,
    Fp32,
    Bf16Managed,
    Bf16Native,
}
