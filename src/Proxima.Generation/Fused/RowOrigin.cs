namespace Proxima.Generation.Fused;

/// <summary>Where a row of a packed matrix comes from.</summary>
/// <param name="Source">number of the matrix; −1: a row of zeros</param>
/// <param name="Row">output of that matrix</param>
internal readonly record struct RowOrigin(int Source, int Row)
{
    /// <summary>A row of zeros, to fill a panel.</summary>
    public static RowOrigin Padding { get; } = new(-1, 0);
}
