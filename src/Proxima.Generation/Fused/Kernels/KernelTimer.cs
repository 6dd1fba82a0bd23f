using System.Diagnostics;

namespace Proxima.Generation.Fused.Kernels;

/// <summary>Measures kernels at the start of a run, in a few milliseconds each.</summary>
internal static unsafe class KernelTimer
{
    /// <summary>More than the second caches hold, in every format.</summary>
    private const long WeightsAtMost = 3 << 20;
    private const int Columns = 512;
    private const int Rows = 8;
    private const int Passes = 4;

    /// <summary>Seconds for a weight and 8 rows, on one thread: the best of a few passes over a piece of such a model.</summary>
    /// <param name="kernel">the kernel</param>
    /// <param name="weights">weights of the model</param>
    public static double SecondsPerWeight(PanelKernel kernel, long weights)
    {
        int panels = (int)Math.Max(1, Math.Min(weights, WeightsAtMost) / (Columns * PanelKernel.PanelRows));
        long panelBytes = kernel.PanelBytes(Columns);
        using NativeBuffer memory = new(panels * panelBytes);
        using RowBuffer rows = new(Rows, Columns);
        using RowBuffer copy = new(Rows, kernel.PreparedFloats(Columns));
        using RowBuffer results = new(Rows, PanelKernel.PanelRows);
        double best = double.PositiveInfinity;
        for (int pass = 0; pass <= Passes; pass++)
        {
            long start = Stopwatch.GetTimestamp();
            RowBlock prepared = kernel.Prepare(rows.Rows, Rows, Columns, copy.Rows);
            for (int panel = 0; panel < panels; panel++)
            {
                kernel.Multiply(memory.First + (panel * panelBytes), Columns, prepared, Rows, results.Rows);
            }

            best = pass == 0 ? best : Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds); // the first pass compiles
        }

        return best / ((double)panels * Columns * PanelKernel.PanelRows);
    }

    /// <summary>The speed that such seconds are, in GFLOP/s.</summary>
    public static double GigaflopsPerSecond(double secondsPerWeight) => 2 * Rows / secondsPerWeight / 1e9;
}
