namespace Proxima.Core.Settings;

/// <summary>ZeRO stage.</summary>
public enum Sharding
{
    /// <summary>Nothing is sharded; the empty text on the command line.</summary>
    [ArgumentValue("")]
    None,

    /// <summary>Optimizer state.</summary>
    Stage1,

    /// <summary>Optimizer state and gradients.</summary>
    Stage2,

    /// <summary>Optimizer state, gradients and parameters.</summary>
    Stage3,
}
