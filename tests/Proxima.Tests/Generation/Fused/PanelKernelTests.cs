using Proxima.Core;
using Proxima.Generation.Fused;

namespace Proxima.Tests.Generation.Fused;

public sealed unsafe class PanelKernelTests
{
    private const int Columns = 37;

    public static TheoryData<string> Kernels => ["wide", "narrow"];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_number_of_rows_gives_one_chain_of_fused_multiply_adds_to_the_bit(string name)
    {
        PanelKernel kernel = name == "wide" ? new WideKernel() : new NarrowKernel();
        using NativeBuffer panel = Random(Columns * PanelKernel.PanelRows, 1);
        for (int count = 1; count <= 19; count++)
        {
            using NativeBuffer rows = Random(count * Columns, 2);
            using NativeBuffer results = new(count * PanelKernel.PanelRows);

            kernel.Multiply(panel.First, Columns, new RowBlock(rows.First, Columns), count, new RowBlock(results.First, PanelKernel.PanelRows));

            for (int m = 0; m < count; m++)
            {
                for (int j = 0; j < PanelKernel.PanelRows; j++)
                {
                    float expected = 0;
                    for (int k = 0; k < Columns; k++)
                    {
                        expected = MathF.FusedMultiplyAdd(panel.First[(k * PanelKernel.PanelRows) + j], rows.First[(m * Columns) + k], expected);
                    }

                    Assert.Equal(expected, results.First[(m * PanelKernel.PanelRows) + j]);
                }
            }
        }
    }

    private static NativeBuffer Random(int length, long seed)
    {
        var random = new CounterRandom(seed, RandomPurpose.Rollout);
        NativeBuffer buffer = new(length);
        for (int i = 0; i < length; i++)
        {
            buffer.First[i] = (float)random.NextNormal();
        }

        return buffer;
    }
}
