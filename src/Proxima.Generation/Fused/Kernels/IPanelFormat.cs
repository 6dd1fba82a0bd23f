using System.Runtime.Intrinsics;

namespace Proxima.Generation.Fused.Kernels;

/// <summary>
/// How the weights of a panel lie in memory: pairs of columns one after the other, of 32 rows each. The members read one pair,
/// widened to float32. An odd last column has a column of zeros beside it.
/// </summary>
internal unsafe interface IPanelFormat
{
    /// <summary>Bytes of a weight.</summary>
    public static abstract int WeightBytes { get; }

    /// <summary>The first column, 16 rows.</summary>
    public static abstract Vector512<float> First16(byte* pair, int row);

    /// <summary>The second column, 16 rows.</summary>
    public static abstract Vector512<float> Second16(byte* pair, int row);

    /// <summary>The first column, 8 rows.</summary>
    public static abstract Vector256<float> First8(byte* pair, int row);

    /// <summary>The second column, 8 rows.</summary>
    public static abstract Vector256<float> Second8(byte* pair, int row);

    /// <summary>Asks for memory that will soon be read, where that helps.</summary>
    public static abstract void FetchAhead(byte* pair);

    /// <summary>Writes one number.</summary>
    public static abstract void Write(byte* panel, int column, int row, float number);

    /// <summary>Writes a pair.</summary>
    /// <param name="columns">32 weights of the first column, then 32 of the second</param>
    /// <param name="pair">its place</param>
    public static abstract void Write(float* columns, byte* pair);
}
