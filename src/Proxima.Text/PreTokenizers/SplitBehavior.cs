namespace Proxima.Text.PreTokenizers;

/// <summary>What becomes of a match when a piece is cut at it.</summary>
internal enum SplitBehavior
{
    /// <summary>It is dropped.</summary>
    Removed,

    /// <summary>It is a piece of its own.</summary>
    Isolated,

    /// <summary>It ends the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>It begins the piece after it.</summary>
    MergedWithNext,

    /// <summary>Neighbouring matches make one piece.</summary>
    Contiguous,
}
