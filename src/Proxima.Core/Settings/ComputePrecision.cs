namespace Proxima.Core.Settings;

/// <summary>What the matrix products of a run are computed in.</summary>
public enum ComputePrecision
{
    Fp32,
    Bf16,
}
