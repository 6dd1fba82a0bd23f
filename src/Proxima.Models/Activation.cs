namespace Proxima.Models;

/// <summary>Activations of feed-forward blocks.</summary>
public enum Activation
{
    /// <summary>x · sigmoid(x).</summary>
    Silu,

    /// <summary>GELU by its tanh approximation.</summary>
    GeluTanh,
}
