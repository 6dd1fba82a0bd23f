using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Generation.Fused;
using Proxima.Generation.Fused.Kernels;

namespace Proxima.Tests.Generation.Fused;

/// <summary>A random panel and random rows, multiplied by a kernel and by hand.</summary>
internal sealed unsafe class Products : IDisposable
{
    private readonly PanelKernel _kernel;
    private readonly int _columns;
    private readonly float[] _weights; // [32, columns]
    private readonly NativeBuffer _panel;
    private readonly RowBuffer _rows;
    private readonly RowBuffer _copy;
    private readonly RowBuffer _results;

    public Products(PanelKernel kernel, int columns, int rows)
    {
        _kernel = kernel;
        _columns = columns;
        _weights = new float[PanelKernel.PanelRows * columns];
        _panel = new NativeBuffer(kernel.PanelBytes(columns));
        _rows = new RowBuffer(rows, columns);
        _copy = new RowBuffer(rows, kernel.PreparedFloats(columns));
        _results = new RowBuffer(rows, PanelKernel.PanelRows);
        var random = new CounterRandom(1, RandomPurpose.Rollout);
        for (int i = 0; i < _weights.Length; i++)
        {
            _weights[i] = (float)random.NextNormal();
        }

        for (int m = 0; m < rows; m++)
        {
            for (int k = 0; k < columns; k++)
            {
                _rows.Rows[m][k] = (float)random.NextNormal();
            }
        }

        float** starts = stackalloc float*[PanelKernel.PanelRows];
        nint* steps = stackalloc nint[PanelKernel.PanelRows];
        fixed (float* first = _weights)
        {
            for (int j = 0; j < PanelKernel.PanelRows; j++)
            {
                starts[j] = first + (j * columns);
                steps[j] = 1;
            }

            kernel.Pack(starts, steps, columns, _panel.First);
        }
    }

    public void Multiply(int count) => _kernel.Multiply(
        _panel.First, _columns, _kernel.Prepare(_rows.Rows, count, _columns, _copy.Rows), count, _results.Rows);

    public float Result(int m, int j) => _results.Rows[m][j];

    /// <summary>The product, and that of the absolute values.</summary>
    public (double Product, double Size) InDouble(int m, int j)
    {
        double product = 0;
        double size = 0;
        for (int k = 0; k < _columns; k++)
        {
            double term = (double)Weight(j, k) * Row(m, k);
            product += term;
            size += Math.Abs(term);
        }

        return (product, size);
    }

    /// <summary>The product as one chain of fused multiply-adds.</summary>
    public float Chain(int m, int j)
    {
        float sum = 0;
        for (int k = 0; k < _columns; k++)
        {
            sum = MathF.FusedMultiplyAdd(Weight(j, k), Row(m, k), sum);
        }

        return sum;
    }

    public void Dispose()
    {
        foreach (IDisposable owned in new IDisposable[] { _panel, _rows, _copy, _results })
        {
            owned.Dispose();
        }
    }

    private float Weight(int j, int k)
    {
        float weight = _weights[(j * _columns) + k];
        return _kernel.Kind == ComputeKernel.Fp32 ? weight : Rounded(weight);
    }

    private float Row(int m, int k)
    {
        float number = _rows.Rows[m][k];
        return _kernel.Kind == ComputeKernel.Bf16Native ? Rounded(number) : number;
    }

    /// <summary>The nearest number with 8 bits of precision.</summary>
    private static float Rounded(float number)
    {
        float unit = MathF.ScaleB(1, MathF.ILogB(number) - 7);
        return MathF.Round(number / unit, MidpointRounding.ToEven) * unit;
    }
}
