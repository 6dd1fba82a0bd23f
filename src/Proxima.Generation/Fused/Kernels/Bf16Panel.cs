using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Proxima.Generation.Fused.Kernels;

/// <summary>bfloat16 weights, [columns ÷ 2, 32, 2]: the two columns of a row lie side by side, as vdpbf16ps wants them.</summary>
internal readonly unsafe struct Bf16Panel : IPanelFormat
{
    private const uint UpperHalf = 0xFFFF0000;
    private const int CacheLine = 64;

    /// <summary>Bytes between what is read and what is asked for. Past the end of memory the processor ignores it.</summary>
    private const int FetchDistance = 4096;

    public static int WeightBytes => sizeof(ushort);

    public static Vector512<float> First16(byte* pair, int row) => (Vector512.Load((uint*)pair + row) << 16).AsSingle();

    public static Vector512<float> Second16(byte* pair, int row) => (Vector512.Load((uint*)pair + row) & Vector512.Create(UpperHalf)).AsSingle();

    public static Vector256<float> First8(byte* pair, int row) => (Vector256.Load((uint*)pair + row) << 16).AsSingle();

    public static Vector256<float> Second8(byte* pair, int row) => (Vector256.Load((uint*)pair + row) & Vector256.Create(UpperHalf)).AsSingle();

    public static void FetchAhead(byte* pair)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(pair + FetchDistance);
            Sse.Prefetch0(pair + FetchDistance + CacheLine);
        }
    }

    public static void Write(byte* panel, int column, int row, float number) =>
        ((ushort*)panel)[(((column / 2 * PanelKernel.PanelRows) + row) * 2) + (column % 2)] = Bf16.Round(number);

    public static void Write(float* columns, byte* pair)
    {
        for (int row = 0; row < PanelKernel.PanelRows; row += 16)
        {
            Vector512<uint> first = Bf16.Round(Vector512.Load(columns + row));
            Vector512<uint> second = Bf16.Round(Vector512.Load(columns + PanelKernel.PanelRows + row));
            ((first >>> 16) | (second & Vector512.Create(UpperHalf))).Store((uint*)pair + row);
        }
    }
}
