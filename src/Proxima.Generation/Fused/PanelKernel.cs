using System.Runtime.Intrinsics;

namespace Proxima.Generation.Fused;

/// <summary>
/// Multiplies rows with one panel of a matrix: 32 of its rows, column by column. Each result is one chain of fused
/// multiply-adds over the columns, so it is the same to the bit in every kernel and whatever other rows there are.
/// </summary>
internal abstract unsafe class PanelKernel
{
    /// <summary>Rows of a matrix in a panel.</summary>
    public const int PanelRows = 32;

    /// <summary>Rows that a kernel multiplies at once.</summary>
    public const int TileRows = 8;

    /// <summary>For the log.</summary>
    public abstract string Name { get; }

    /// <summary>The kernel for the registers that this machine has.</summary>
    public static PanelKernel ForThisMachine() => Vector512.IsHardwareAccelerated ? new WideKernel() : new NarrowKernel();

    /// <summary>Panels of so many rows.</summary>
    public static int PanelsOf(int rows) => (rows + PanelRows - 1) / PanelRows;

    /// <summary>results[m, j] = Σ over k of panel[k, j] · rows[m, k].</summary>
    /// <param name="panel">[columns, 32]</param>
    /// <param name="columns">length of a row</param>
    /// <param name="rows">[count, columns]</param>
    /// <param name="count">number of rows</param>
    /// <param name="results">[count, 32]</param>
    public abstract void Multiply(float* panel, int columns, RowBlock rows, int count, RowBlock results);
}
