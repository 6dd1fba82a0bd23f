namespace Proxima.Distributed;

/// <summary>How the numbers of all ranks become one.</summary>
public enum Reduction
{
    Sum,
    Maximum,
    Minimum,
}
