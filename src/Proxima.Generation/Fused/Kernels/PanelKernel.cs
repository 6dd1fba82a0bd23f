using Proxima.Core.Binding;
using Proxima.Core.Settings;

namespace Proxima.Generation.Fused.Kernels;

/// <summary>
/// Multiplies rows with one panel of a matrix: 32 of its rows, column by column. Each result is one chain over the columns,
/// whatever other rows there are, so what a row gives depends neither on its batch mates nor on the threads.
/// </summary>
internal abstract unsafe class PanelKernel
{
    /// <summary>Rows of a matrix in a panel.</summary>
    public const int PanelRows = 32;

    /// <summary>Rows that any kernel multiplies at once, at most.</summary>
    public const int LargestTile = 12;

    /// <summary>Which setting of compute_kernel it serves.</summary>
    public abstract ComputeKernel Kind { get; }

    /// <summary>How it differs from others of its kind, for the log.</summary>
    public abstract string Name { get; }

    /// <summary>Kind and name, for the log.</summary>
    public string Text => $"{EnumText.Of(Kind)} ({Name})";

    /// <summary>Rows that it multiplies at once, at most.</summary>
    public abstract int TileRows { get; }

    /// <summary>Bytes of a weight.</summary>
    public abstract int WeightBytes { get; }

    /// <summary>Panels of so many rows.</summary>
    public static int PanelsOf(int rows) => (rows + PanelRows - 1) / PanelRows;

    /// <summary>Bytes of a panel: columns come in pairs.</summary>
    public long PanelBytes(int columns) => (long)(columns + (columns % 2)) * PanelRows * WeightBytes;

    /// <summary>Writes a panel.</summary>
    /// <param name="rows">32 pointers to the first weight of a row</param>
    /// <param name="steps">32 distances, in floats, from a weight of a row to the next</param>
    /// <param name="columns">length of a row</param>
    /// <param name="panel">of <see cref="PanelBytes"/></param>
    public abstract void Pack(float** rows, nint* steps, int columns, byte* panel);

    /// <summary>Writes one row of a panel.</summary>
    /// <param name="panel">of <see cref="PanelBytes"/></param>
    /// <param name="row">0 to 31</param>
    /// <param name="numbers">[columns]</param>
    public abstract void WriteRow(byte* panel, int row, ReadOnlySpan<float> numbers);

    /// <summary>Writes one column of a panel.</summary>
    /// <param name="panel">of <see cref="PanelBytes"/></param>
    /// <param name="column">its number</param>
    /// <param name="numbers">[32] or fewer</param>
    public abstract void WriteColumn(byte* panel, int column, ReadOnlySpan<float> numbers);

    /// <summary>Rows to multiply at once where there are so many.</summary>
    public virtual int TileFor(int count) => TileRows;

    /// <summary>Floats that the copy of a row takes in <see cref="Prepare"/>.</summary>
    public virtual int PreparedFloats(int columns) => 0;

    /// <summary>The rows in the form that <see cref="Multiply"/> takes: themselves, or a copy.</summary>
    /// <param name="rows">[count, columns], zero from there to a multiple of 32</param>
    /// <param name="count">number of rows</param>
    /// <param name="columns">length of a row</param>
    /// <param name="memory">[count, <see cref="PreparedFloats"/>] for the copy</param>
    public virtual RowBlock Prepare(RowBlock rows, int count, int columns, RowBlock memory) => rows;

    /// <summary>results[m, j] = Σ over k of panel[k, j] · rows[m, k].</summary>
    /// <param name="panel">[columns, 32] in the kernel's form</param>
    /// <param name="columns">length of a row; after an odd one a zero follows in the rows</param>
    /// <param name="rows">[count, columns] from <see cref="Prepare"/></param>
    /// <param name="count">number of rows</param>
    /// <param name="results">[count, 32]</param>
    public abstract void Multiply(byte* panel, int columns, RowBlock rows, int count, RowBlock results);
}
