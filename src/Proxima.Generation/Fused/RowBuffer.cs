using Proxima.Generation.Fused.Kernels;

namespace Proxima.Generation.Fused;

/// <summary>Memory for rows of floats, wide enough for whole panels; what lies past the width is zero or of no meaning.</summary>
internal sealed unsafe class RowBuffer : IDisposable
{
    /// <summary>Rows at multiples of this many floats fall on the same lines of a cache.</summary>
    private const int CacheCycle = 256;
    private const int CacheLine = 16;

    private readonly NativeBuffer _buffer;

    public RowBuffer(int rows, int width)
    {
        int stride = PanelKernel.PanelsOf(width) * PanelKernel.PanelRows;
        stride += stride % CacheCycle == 0 ? CacheLine : 0;
        _buffer = new NativeBuffer((long)rows * stride * sizeof(float));
        Rows = new RowBlock(_buffer.Floats, stride);
    }

    public RowBlock Rows { get; }

    public void Dispose() => _buffer.Dispose();
}
