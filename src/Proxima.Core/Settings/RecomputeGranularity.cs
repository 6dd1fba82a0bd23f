namespace Proxima.Core.Settings;

/// <summary>What is recomputed in the backward pass. In snake_case on the command line.</summary>
public enum RecomputeGranularity
{
    CoreAttn,
    FullAttn,
    Full,
}
