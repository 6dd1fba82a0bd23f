using System.Runtime.Intrinsics;

namespace Proxima.Generation.Fused.Kernels;

/// <summary>float32 weights, [columns, 32].</summary>
internal readonly unsafe struct Fp32Panel : IPanelFormat
{
    public static int WeightBytes => sizeof(float);

    public static Vector512<float> First16(byte* pair, int row) => Vector512.Load((float*)pair + row);

    public static Vector512<float> Second16(byte* pair, int row) => Vector512.Load((float*)pair + PanelKernel.PanelRows + row);

    public static Vector256<float> First8(byte* pair, int row) => Vector256.Load((float*)pair + row);

    public static Vector256<float> Second8(byte* pair, int row) => Vector256.Load((float*)pair + PanelKernel.PanelRows + row);

    /// <summary>The processor sees such a stream by itself.</summary>
    public static void FetchAhead(byte* pair)
    {
    }

    public static void Write(byte* panel, int column, int row, float number) => ((float*)panel)[(column * PanelKernel.PanelRows) + row] = number;

    public static void Write(float* columns, byte* pair) => new ReadOnlySpan<float>(columns, 2 * PanelKernel.PanelRows).CopyTo(new((float*)pair, 2 * PanelKernel.PanelRows));
}
