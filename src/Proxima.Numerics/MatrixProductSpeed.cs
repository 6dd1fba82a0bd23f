using System.Diagnostics;
using static TorchSharp.torch;

namespace Proxima.Numerics;

/// <summary>How fast this machine multiplies matrices: the yardstick of the utilisation metric.</summary>
public static class MatrixProductSpeed
{
    private const int Size = 2048;
    private const int Tries = 4;

    /// <summary>FLOP/s of the fastest of a few float32 products of 2048 × 2048 matrices.</summary>
    public static double Measure()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var a = ones(Size, Size, dtype: ScalarType.Float32);
        var b = ones(Size, Size, dtype: ScalarType.Float32);
        double best = double.PositiveInfinity;
        for (int i = 0; i < Tries; i++)
        {
            long started = Stopwatch.GetTimestamp();
            using var product = a.mm(b);
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return 2.0 * Size * Size * Size / best;
    }
}
