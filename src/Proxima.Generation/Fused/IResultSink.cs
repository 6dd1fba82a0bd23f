using System.Runtime.Intrinsics;

namespace Proxima.Generation.Fused;

/// <summary>What becomes of a matrix product, 32 numbers at a time.</summary>
internal interface IResultSink
{
    /// <param name="row">row of the step</param>
    /// <param name="panel">panel of the matrix</param>
    /// <param name="low">its first 16 results, with bias</param>
    /// <param name="high">its last 16</param>
    public void Take(int row, int panel, Vector512<float> low, Vector512<float> high);
}
