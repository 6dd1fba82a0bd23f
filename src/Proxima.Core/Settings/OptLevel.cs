namespace Proxima.Core.Settings;

/// <summary>16-bit training mode.</summary>
public enum OptLevel
{
    /// <summary>32-bit weights, matrix products in 16 bit; norms, softmax and losses in 32 bit.</summary>
    [ArgumentValue("O1")]
    O1,

    /// <summary>Weights and compute in 16 bit, master weights and moments in 32 bit.</summary>
    [ArgumentValue("O2")]
    O2,
}
