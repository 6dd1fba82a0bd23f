using Proxima.Core.Binding;
using Proxima.Generation.Fused;
using Proxima.Generation.Fused.Kernels;

namespace Proxima.Benchmarks;

/// <summary>GFLOP/s of each kernel of the fused engine on one thread, in processor time: weights in a cache, and weights from memory.</summary>
internal static unsafe class KernelBenchmark
{
    private const int Columns = 896;
    private const int Rounds = 5;
    private const double SecondsOfARound = 0.05;
    private static readonly int[] RowCounts = [1, 2, 4, 8, 12, 16, 32];
    private static readonly (string Name, int Weights)[] Places = [("cache", 16 * 32 * Columns), ("memory", 32 << 20)];

    public static int Run()
    {
        Console.WriteLine($"{"kernel",-24} {"weights in",-10} {string.Concat(RowCounts.Select(rows => $"{"M=" + rows,7}"))}");
        foreach (PanelKernel kernel in PanelKernels.Kinds().SelectMany(PanelKernels.Of))
        {
            foreach ((string name, int weights) in Places)
            {
                IEnumerable<double> speeds = RowCounts.Select(rows => Speed(kernel, weights, rows));
                Console.WriteLine($"{EnumText.Of(kernel.Kind) + " " + kernel.Name,-24} {name,-10} {string.Concat(speeds.Select(speed => $"{speed,7:F0}"))}");
            }
        }

        return 0;
    }

    private static double Speed(PanelKernel kernel, int weights, int count)
    {
        int panels = weights / (PanelKernel.PanelRows * Columns);
        long panelBytes = kernel.PanelBytes(Columns);
        using NativeBuffer memory = new(panels * panelBytes);
        using RowBuffer rows = new(count, Columns);
        using RowBuffer copy = new(count, kernel.PreparedFloats(Columns));
        using RowBuffer results = new(count, PanelKernel.PanelRows);
        RowBlock prepared = kernel.Prepare(rows.Rows, count, Columns, copy.Rows);
        int tile = kernel.TileFor(count);
        double best = double.PositiveInfinity;
        for (int round = 0; round <= Rounds; round++)
        {
            int passes = 0;
            TimeSpan start = Environment.CpuUsage.TotalTime;
            double seconds;
            do
            {
                Pass();
                passes++;
                seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
            }
            while (seconds < SecondsOfARound);
            best = Math.Min(best, seconds / passes);
        }

        return 2.0 * panels * PanelKernel.PanelRows * Columns * count / best / 1e9;

        void Pass()
        {
            for (int panel = 0; panel < panels; panel++)
            {
                for (int row = 0; row < count; row += tile)
                {
                    kernel.Multiply(memory.First + (panel * panelBytes), Columns, prepared.From(row), Math.Min(tile, count - row), results.Rows);
                }
            }
        }
    }
}
