using System.Runtime.Intrinsics;
using Proxima.Generation.Fused.Kernels;

namespace Proxima.Generation.Fused;

/// <summary>Adds a product to the residual stream.</summary>
internal readonly unsafe struct AddSink(RowBlock target) : IResultSink
{
    public void Take(int row, int panel, Vector512<float> low, Vector512<float> high)
    {
        float* place = target[row] + (panel * PanelKernel.PanelRows);
        (Vector512.Load(place) + low).Store(place);
        (Vector512.Load(place + 16) + high).Store(place + 16);
    }
}
