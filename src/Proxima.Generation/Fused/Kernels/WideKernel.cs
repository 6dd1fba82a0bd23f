using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Proxima.Core.Settings;

namespace Proxima.Generation.Fused.Kernels;

/// <summary>For registers of 512 bits: a panel's column fills two of them, eight rows take sixteen sums.</summary>
internal sealed unsafe class WideKernel<TPanel>(ComputeKernel kind) : FormatKernel<TPanel>
    where TPanel : struct, IPanelFormat
{
    public override ComputeKernel Kind => kind;

    public override string Name => "512 bit";

    public override int TileRows => 8;

    public override void Multiply(byte* panel, int columns, RowBlock rows, int count, RowBlock results)
    {
        int row = 0;
        for (; row + 8 <= count; row += 8)
        {
            Eight(panel, columns, rows.From(row), results.From(row));
        }

        if (row + 4 <= count)
        {
            Four(panel, columns, rows.From(row), results.From(row));
            row += 4;
        }

        if (row + 2 <= count)
        {
            Two(panel, columns, rows.From(row), results.From(row));
            row += 2;
        }

        if (row < count)
        {
            One(panel, columns, rows.From(row), results.From(row));
        }
    }

    // Written out, for only named locals stay in registers.

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight(byte* pair, int columns, RowBlock rows, RowBlock results)
    {
        float* x0 = rows[0];
        float* x1 = rows[1];
        float* x2 = rows[2];
        float* x3 = rows[3];
        float* x4 = rows[4];
        float* x5 = rows[5];
        float* x6 = rows[6];
        float* x7 = rows[7];
        Vector512<float> low0 = Vector512<float>.Zero, high0 = Vector512<float>.Zero;
        Vector512<float> low1 = Vector512<float>.Zero, high1 = Vector512<float>.Zero;
        Vector512<float> low2 = Vector512<float>.Zero, high2 = Vector512<float>.Zero;
        Vector512<float> low3 = Vector512<float>.Zero, high3 = Vector512<float>.Zero;
        Vector512<float> low4 = Vector512<float>.Zero, high4 = Vector512<float>.Zero;
        Vector512<float> low5 = Vector512<float>.Zero, high5 = Vector512<float>.Zero;
        Vector512<float> low6 = Vector512<float>.Zero, high6 = Vector512<float>.Zero;
        Vector512<float> low7 = Vector512<float>.Zero, high7 = Vector512<float>.Zero;
        for (nint k = 0; k < columns; k += 2, pair += 2 * PanelRows * TPanel.WeightBytes)
        {
            TPanel.FetchAhead(pair);
            Vector512<float> low = TPanel.First16(pair, 0), high = TPanel.First16(pair, 16);
            (low0, high0) = Add(low, high, x0[k], low0, high0);
            (low1, high1) = Add(low, high, x1[k], low1, high1);
            (low2, high2) = Add(low, high, x2[k], low2, high2);
            (low3, high3) = Add(low, high, x3[k], low3, high3);
            (low4, high4) = Add(low, high, x4[k], low4, high4);
            (low5, high5) = Add(low, high, x5[k], low5, high5);
            (low6, high6) = Add(low, high, x6[k], low6, high6);
            (low7, high7) = Add(low, high, x7[k], low7, high7);
            (low, high) = (TPanel.Second16(pair, 0), TPanel.Second16(pair, 16));
            (low0, high0) = Add(low, high, x0[k + 1], low0, high0);
            (low1, high1) = Add(low, high, x1[k + 1], low1, high1);
            (low2, high2) = Add(low, high, x2[k + 1], low2, high2);
            (low3, high3) = Add(low, high, x3[k + 1], low3, high3);
            (low4, high4) = Add(low, high, x4[k + 1], low4, high4);
            (low5, high5) = Add(low, high, x5[k + 1], low5, high5);
            (low6, high6) = Add(low, high, x6[k + 1], low6, high6);
            (low7, high7) = Add(low, high, x7[k + 1], low7, high7);
        }

        Store(results[0], low0, high0);
        Store(results[1], low1, high1);
        Store(results[2], low2, high2);
        Store(results[3], low3, high3);
        Store(results[4], low4, high4);
        Store(results[5], low5, high5);
        Store(results[6], low6, high6);
        Store(results[7], low7, high7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(byte* pair, int columns, RowBlock rows, RowBlock results)
    {
        float* x0 = rows[0];
        float* x1 = rows[1];
        float* x2 = rows[2];
        float* x3 = rows[3];
        Vector512<float> low0 = Vector512<float>.Zero, high0 = Vector512<float>.Zero;
        Vector512<float> low1 = Vector512<float>.Zero, high1 = Vector512<float>.Zero;
        Vector512<float> low2 = Vector512<float>.Zero, high2 = Vector512<float>.Zero;
        Vector512<float> low3 = Vector512<float>.Zero, high3 = Vector512<float>.Zero;
        for (nint k = 0; k < columns; k += 2, pair += 2 * PanelRows * TPanel.WeightBytes)
        {
            TPanel.FetchAhead(pair);
            Vector512<float> low = TPanel.First16(pair, 0), high = TPanel.First16(pair, 16);
            (low0, high0) = Add(low, high, x0[k], low0, high0);
            (low1, high1) = Add(low, high, x1[k], low1, high1);
            (low2, high2) = Add(low, high, x2[k], low2, high2);
            (low3, high3) = Add(low, high, x3[k], low3, high3);
            (low, high) = (TPanel.Second16(pair, 0), TPanel.Second16(pair, 16));
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
    private static void Two(byte* pair, int columns, RowBlock rows, RowBlock results)
    {
        float* x0 = rows[0];
        float* x1 = rows[1];
        Vector512<float> low0 = Vector512<float>.Zero, high0 = Vector512<float>.Zero;
        Vector512<float> low1 = Vector512<float>.Zero, high1 = Vector512<float>.Zero;
        for (nint k = 0; k < columns; k += 2, pair += 2 * PanelRows * TPanel.WeightBytes)
        {
            TPanel.FetchAhead(pair);
            Vector512<float> low = TPanel.First16(pair, 0), high = TPanel.First16(pair, 16);
            (low0, high0) = Add(low, high, x0[k], low0, high0);
            (low1, high1) = Add(low, high, x1[k], low1, high1);
            (low, high) = (TPanel.Second16(pair, 0), TPanel.Second16(pair, 16));
            (low0, high0) = Add(low, high, x0[k + 1], low0, high0);
            (low1, high1) = Add(low, high, x1[k + 1], low1, high1);
        }

        Store(results[0], low0, high0);
        Store(results[1], low1, high1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(byte* pair, int columns, RowBlock rows, RowBlock results)
    {
        float* x0 = rows[0];
        Vector512<float> low0 = Vector512<float>.Zero, high0 = Vector512<float>.Zero;
        for (nint k = 0; k < columns; k += 2, pair += 2 * PanelRows * TPanel.WeightBytes)
        {
            Vector512<float> low = TPanel.First16(pair, 0), high = TPanel.First16(pair, 16);
            (low0, high0) = Add(low, high, x0[k], low0, high0);
            (low, high) = (TPanel.Second16(pair, 0), TPanel.Second16(pair, 16));
            (low0, high0) = Add(low, high, x0[k + 1], low0, high0);
        }

        Store(results[0], low0, high0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> Low, Vector512<float> High) Add(
        Vector512<float> low, Vector512<float> high, float x, Vector512<float> lowSum, Vector512<float> highSum)
    {
        Vector512<float> factor = Vector512.Create(x);
        return (Vector512.FusedMultiplyAdd(low, factor, lowSum), Vector512.FusedMultiplyAdd(high, factor, highSum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* result, Vector512<float> low, Vector512<float> high)
    {
        low.Store(result);
        high.Store(result + 16);
    }
}
