using Proxima.Core;

namespace Proxima.Generation.Fused.Kernels;

/// <summary>Compares two kernels that read the same format, at the start of the program.</summary>
internal static unsafe class KernelSelfTest
{
    /// <summary>Of Σ |panel · row|: sums of so few terms differ by far less in another order.</summary>
    private const float Tolerance = 1e-5f;

    private static readonly int[] ColumnCounts = [1, 2, 37, 64];

    /// <summary>Whether both give the same for every number of rows, up to the order of a sum. The numbers are bfloat16 already.</summary>
    public static bool Agree(PanelKernel kernel, PanelKernel trusted) =>
        ColumnCounts.All(columns => Enumerable.Range(1, kernel.TileRows + 1).All(rows => Agree(kernel, trusted, rows, columns)));

    private static bool Agree(PanelKernel kernel, PanelKernel trusted, int rows, int columns)
    {
        using NativeBuffer panel = new(kernel.PanelBytes(columns));
        using RowBuffer input = new(rows, columns);
        using RowBuffer memory = new(rows, kernel.PreparedFloats(columns));
        using RowBuffer found = new(rows, PanelKernel.PanelRows);
        using RowBuffer expected = new(rows, PanelKernel.PanelRows);
        float[] weights = Fill(kernel, panel, columns);
        var random = new CounterRandom(columns, RandomPurpose.Rollout);
        for (int m = 0; m < rows; m++)
        {
            Randomise(ref random, new Span<float>(input.Rows[m], columns));
        }

        kernel.Multiply(panel.First, columns, kernel.Prepare(input.Rows, rows, columns, memory.Rows), rows, found.Rows);
        trusted.Multiply(panel.First, columns, input.Rows, rows, expected.Rows);
        for (int m = 0; m < rows; m++)
        {
            for (int j = 0; j < PanelKernel.PanelRows; j++)
            {
                float scale = 0;
                for (int k = 0; k < columns; k++)
                {
                    scale += MathF.Abs(weights[(j * columns) + k] * input.Rows[m][k]);
                }

                if (!(MathF.Abs(found.Rows[m][j] - expected.Rows[m][j]) <= Tolerance * scale))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static float[] Fill(PanelKernel kernel, NativeBuffer panel, int columns)
    {
        float[] weights = new float[PanelKernel.PanelRows * columns];
        var random = new CounterRandom(0, RandomPurpose.Rollout);
        Randomise(ref random, weights);
        float** rows = stackalloc float*[PanelKernel.PanelRows];
        nint* steps = stackalloc nint[PanelKernel.PanelRows];
        fixed (float* first = weights)
        {
            for (int j = 0; j < PanelKernel.PanelRows; j++)
            {
                rows[j] = first + (j * columns);
                steps[j] = 1;
            }

            kernel.Pack(rows, steps, columns, panel.First);
        }

        return weights;
    }

    /// <summary>Eighths between −8 and 8, which bfloat16 holds exactly.</summary>
    private static void Randomise(ref CounterRandom random, Span<float> numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (random.NextInt(129) - 64) / 8f;
        }
    }
}
