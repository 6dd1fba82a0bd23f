namespace Proxima.Numerics;

/// <summary>Whether a loss has an entropy term; without one the entropies are not computed.</summary>
public enum EntropyUse
{
    None,
    InLoss,
}
