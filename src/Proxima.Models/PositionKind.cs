namespace Proxima.Models;

/// <summary>How places enter a decoder.</summary>
public enum PositionKind
{
    /// <summary>Rotation of the pairs (i, i + D/2) of queries and keys (Su et al. 2021, in the layout of GPT-NeoX).</summary>
    RotaryHalves,

    /// <summary>Rotation of the pairs (2i, 2i + 1).</summary>
    RotaryNeighbours,

    /// <summary>A learned vector for each place, added to the embedding.</summary>
    Learned,
}
