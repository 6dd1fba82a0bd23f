namespace Proxima.Core.Settings;

/// <summary>Variance used when advantages are whitened. In snake_case on the command line.</summary>
public enum WhitenVariance
{
    Unbiased,
    Biased,
}
