namespace Proxima.Generation.Fused;

/// <summary>Rows of floats at equal distances.</summary>
internal readonly unsafe struct RowBlock(float* first, nint stride)
{
    /// <summary>Floats from a row to the next.</summary>
    public nint Stride => stride;

    /// <summary>The first float of a row.</summary>
    public float* this[int row] => first + (row * stride);

    /// <summary>The rows from one on.</summary>
    public RowBlock From(int row) => new(first + (row * stride), stride);
}
