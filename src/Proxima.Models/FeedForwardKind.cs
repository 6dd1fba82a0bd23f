namespace Proxima.Models;

/// <summary>The shape of feed-forward blocks.</summary>
public enum FeedForwardKind
{
    /// <summary>down(activation(gate(x)) · up(x)) (Shazeer 2020).</summary>
    Gated,

    /// <summary>down(activation(up(x))).</summary>
    Plain,
}
