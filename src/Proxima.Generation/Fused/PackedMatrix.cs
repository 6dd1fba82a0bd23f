using Proxima.Generation.Fused.Kernels;
using Proxima.Models;

namespace Proxima.Generation.Fused;

/// <summary>A matrix in panels of 32 rows, each column by column, with a bias a row. It may hold the rows of several of the model's.</summary>
internal sealed unsafe class PackedMatrix : IDisposable
{
    private readonly IReadOnlyList<ProjectionSource> _sources;
    private readonly RowOrigin[] _origins;
    private readonly MatrixLayout _layout;
    private readonly PanelKernel _kernel;
    private readonly NativeBuffer _bias;
    private byte* _weights;

    /// <param name="kernel">that will multiply</param>
    /// <param name="sources">the model's matrices</param>
    /// <param name="origins">where each row comes from; the last panel is filled up with zeros</param>
    /// <param name="columns">inputs of each source</param>
    /// <param name="layout">how the sources lie</param>
    public PackedMatrix(
        PanelKernel kernel, IReadOnlyList<ProjectionSource> sources, IReadOnlyList<RowOrigin> origins, int columns, MatrixLayout layout)
    {
        _kernel = kernel;
        _sources = sources;
        _layout = layout;
        Columns = columns;
        Panels = PanelKernel.PanelsOf(origins.Count);
        _origins = [.. origins, .. Enumerable.Repeat(RowOrigin.Padding, (Panels * PanelKernel.PanelRows) - origins.Count)];
        _bias = new NativeBuffer((long)Panels * PanelKernel.PanelRows * sizeof(float));
    }

    public int Columns { get; }

    public int Panels { get; }

    /// <summary>Bytes of the weights.</summary>
    public long Bytes => Panels * _kernel.PanelBytes(Columns);

    /// <summary>Gives the matrix the memory for its weights.</summary>
    /// <param name="memory">of <see cref="Bytes"/></param>
    public void Place(byte* memory) => _weights = memory;

    /// <summary>[columns, 32] in the kernel's form.</summary>
    public byte* Panel(int index) => _weights + (index * _kernel.PanelBytes(Columns));

    /// <summary>[32] of a panel.</summary>
    public float* Bias(int panel) => _bias.Floats + (panel * PanelKernel.PanelRows);

    /// <summary>The model's numbers as they are now, for <see cref="Pack"/>; the caller disposes them.</summary>
    public HostTensor[] Read() => [.. _sources.Select(source => new HostTensor(source.Weight))];

    /// <summary>Takes over the biases that the model has now.</summary>
    public void RefreshBias()
    {
        float[]?[] biases = [.. _sources.Select(source => source.Bias is null ? null : HostTensor.Read(source.Bias))];
        for (int row = 0; row < _origins.Length; row++)
        {
            RowOrigin origin = _origins[row];
            _bias.Floats[row] = origin.Source >= 0 && biases[origin.Source] is { } bias ? bias[origin.Row] : 0;
        }
    }

    public void Dispose() => _bias.Dispose();

    /// <summary>Takes over one panel.</summary>
    /// <param name="panel">its number</param>
    /// <param name="weights">of <see cref="Read"/></param>
    public void Pack(int panel, HostTensor[] weights)
    {
        float* zeros = stackalloc float[] { 0 };
        float** rows = stackalloc float*[PanelKernel.PanelRows];
        nint* steps = stackalloc nint[PanelKernel.PanelRows];
        for (int j = 0; j < PanelKernel.PanelRows; j++)
        {
            RowOrigin origin = _origins[(panel * PanelKernel.PanelRows) + j];
            if (origin.Source < 0)
            {
                rows[j] = zeros;
                steps[j] = 0;
            }
            else if (_layout == MatrixLayout.OutputInput)
            {
                rows[j] = weights[origin.Source].First + ((long)origin.Row * Columns);
                steps[j] = 1;
            }
            else
            {
                rows[j] = weights[origin.Source].First + origin.Row;
                steps[j] = (nint)_sources[origin.Source].Weight.shape[1];
            }
        }

        _kernel.Pack(rows, steps, Columns, Panel(panel));
    }
}
