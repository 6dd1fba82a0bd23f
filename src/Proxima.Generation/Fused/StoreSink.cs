using System.Runtime.Intrinsics;
using Proxima.Generation.Fused.Kernels;

namespace Proxima.Generation.Fused;

/// <summary>Stores a product.</summary>
internal readonly unsafe struct StoreSink(RowBlock target) : IResultSink
{
    public void Take(int row, int panel, Vector512<float> low, Vector512<float> high)
    {
        float* place = target[row] + (panel * PanelKernel.PanelRows);
        low.Store(place);
        high.Store(place + 16);
    }
}
