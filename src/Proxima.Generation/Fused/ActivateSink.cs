using System.Runtime.Intrinsics;
using Proxima.Generation.Fused.Kernels;
using Proxima.Models;

namespace Proxima.Generation.Fused;

/// <summary>Stores the activation of a product.</summary>
internal readonly unsafe struct ActivateSink(RowBlock target, Activation activation) : IResultSink
{
    public void Take(int row, int panel, Vector512<float> low, Vector512<float> high)
    {
        float* place = target[row] + (panel * PanelKernel.PanelRows);
        Activations.Apply(activation, low).Store(place);
        Activations.Apply(activation, high).Store(place + 16);
    }
}
