namespace Proxima.Models;

/// <summary>Where a score head came from.</summary>
public enum HeadOrigin
{
    /// <summary>It was in the folder.</summary>
    Loaded,

    /// <summary>The folder had none; it was drawn at random.</summary>
    Drawn,

    /// <summary>It was asked for as zeros.</summary>
    Zero,
}
