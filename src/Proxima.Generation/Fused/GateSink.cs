using System.Runtime.Intrinsics;
using Proxima.Generation.Fused.Kernels;
using Proxima.Models;

namespace Proxima.Generation.Fused;

/// <summary>Stores activation(gate) · up; a panel holds 16 of each.</summary>
internal readonly unsafe struct GateSink(RowBlock target, Activation activation) : IResultSink
{
    public void Take(int row, int panel, Vector512<float> low, Vector512<float> high) =>
        (Activations.Apply(activation, low) * high).Store(target[row] + (panel * (PanelKernel.PanelRows / 2)));
}
