namespace Proxima.Models;

/// <summary>How norms work.</summary>
public enum NormKind
{
    /// <summary>Divides by the root of the mean square, then multiplies by the weight (Zhang and Sennrich 2019).</summary>
    Rms,

    /// <summary>The same with 1 + weight.</summary>
    RmsOnePlusWeight,

    /// <summary>Takes off the mean, divides by the deviation, then weight and bias (Ba, Kiros and Hinton 2016).</summary>
    Layer,
}
