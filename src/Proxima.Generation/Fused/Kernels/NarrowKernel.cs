using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Proxima.Core.Settings;

namespace Proxima.Generation.Fused.Kernels;

/// <summary>For registers of 256 bits, of which there are sixteen: half a panel at a time, four rows take eight sums.</summary>
internal sealed unsafe class NarrowKernel<TPanel>(ComputeKernel kind) : FormatKernel<TPanel>
    where TPanel : struct, IPanelFormat
{
    private const int HalfPanel = PanelRows / 2;

    public override ComputeKernel Kind => kind;

    public override string Name => "256 bit";

    public override int TileRows => 8;

    public override void Multiply(byte* panel, int columns, RowBlock rows, int count, RowBlock results)
    {
        for (int half = 0; half < PanelRows; half += HalfPanel)
        {
            RowBlock halfResults = new(results[0] + half, results.Stride);
            int row = 0;
            for (; row + 4 <= count; row += 4)
            {
                Four(panel, half, columns, rows.From(row), halfResults.From(row));
            }

            for (; row < count; row++)
            {
                One(panel, half, columns, rows.From(row), halfResults.From(row));
            }
        }
    }

    // Written out, for only named locals stay in registers.

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(byte* pair, int row, int columns, RowBlock rows, RowBlock results)
    {
        float* x0 = rows[0];
        float* x1 = rows[1];
        float* x2 = rows[2];
        float* x3 = rows[3];
        Vector256<float> low0 = Vector256<float>.Zero, high0 = Vector256<float>.Zero;
        Vector256<float> low1 = Vector256<float>.Zero, high1 = Vector256<float>.Zero;
        Vector256<float> low2 = Vector256<float>.Zero, high2 = Vector256<float>.Zero;
        Vector256<float> low3 = Vector256<float>.Zero, high3 = Vector256<float>.Zero;
        for (nint k = 0; k < columns; k += 2, pair += 2 * PanelRows * TPanel.WeightBytes)
        {
            Vector256<float> low = TPanel.First8(pair, row), high = TPanel.First8(pair, row + 8);
            (low0, high0) = Add(low, high, x0[k], low0, high0);
            (low1, high1) = Add(low, high, x1[k], low1, high1);
            (low2, high2) = Add(low, high, x2[k], low2, high2);
            (low3, high3) = Add(low, high, x3[k], low3, high3);
            (low, high) = (TPanel.Second8(pair, row), TPanel.Second8(pair, row + 8));
            (low0, high0) = Add(low, high, x0[k + 1], low0, high0);
            (low1, high1) = Add(low, high, x1[k + 1], low1, high1);
            (low2, high2) = Add(low, high, x2[k + 1], low2, high2);
            (low3, high3) = Add(low, high, x3[k + 1], low3, high3);
        }

        Store(results[0], low0, high0);
        Store(results[1], low1, high1);
        Store(results[2], low2, high2);
        Store(results[3], low3, high3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(byte* pair, int row, int columns, RowBlock rows, RowBlock results)
    {
        float* x0 = rows[0];
        Vector256<float> low0 = Vector256<float>.Zero, high0 = Vector256<float>.Zero;
        for (nint k = 0; k < columns; k += 2, pair += 2 * PanelRows * TPanel.WeightBytes)
        {
            Vector256<float> low = TPanel.First8(pair, row), high = TPanel.First8(pair, row + 8);
            (low0, high0) = Add(low, high, x0[k], low0, high0);
            (low, high) = (TPanel.Second8(pair, row), TPanel.Second8(pair, row + 8));
            (low0, high0) = Add(low, high, x0[k + 1], low0, high0);
        }

        Store(results[0], low0, high0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<float> Low, Vector256<float> High) Add(
        Vector256<float> low, Vector256<float> high, float x, Vector256<float> lowSum, Vector256<float> highSum)
    {
        Vector256<float> factor = Vector256.Create(x);
        return (Vector256.FusedMultiplyAdd(low, factor, lowSum), Vector256.FusedMultiplyAdd(high, factor, highSum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* result, Vector256<float> low, Vector256<float> high)
    {
        low.Store(result);
        high.Store(result + 8);
    }
}
