using Proxima.Core;
using Proxima.Core.Binding;
using Proxima.Core.Settings;
using Proxima.Generation.Fused;
using Proxima.Generation.Fused.Kernels;

namespace Proxima.Tests.Generation.Fused;

public sealed unsafe class PanelKernelTests
{
    private const int MostRows = 26;

    [Theory]
    [MemberData(nameof(KernelCases.All), MemberType = typeof(KernelCases))]
    public void Every_number_of_rows_gives_the_product_with_the_weights_of_the_format(string name)
    {
        PanelKernel kernel = KernelCases.Named(name);
        foreach (int columns in new[] { 1, 36, 37 })
        {
            using Products products = new(kernel, columns, MostRows);
            for (int count = 1; count <= MostRows; count++)
            {
                products.Multiply(count);
                for (int m = 0; m < count; m++)
                {
                    for (int j = 0; j < PanelKernel.PanelRows; j++)
                    {
                        (double expected, double size) = products.InDouble(m, j);

                        Assert.InRange(Math.Abs(expected - products.Result(m, j)), 0, 1e-6 * size);
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(KernelCases.All), MemberType = typeof(KernelCases))]
    public void A_row_gives_the_same_bits_whatever_rows_are_beside_it(string name)
    {
        using Products products = new(KernelCases.Named(name), columns: 96, MostRows);
        products.Multiply(1);
        float[] alone = [.. Enumerable.Range(0, PanelKernel.PanelRows).Select(j => products.Result(0, j))];
        for (int count = 2; count <= MostRows; count++)
        {
            products.Multiply(count);

            Assert.Equal(alone, Enumerable.Range(0, PanelKernel.PanelRows).Select(j => products.Result(0, j)));
        }
    }

    [Theory]
    [MemberData(nameof(KernelCases.Managed), MemberType = typeof(KernelCases))]
    public void A_product_in_managed_code_is_one_chain_of_fused_multiply_adds_to_the_bit(string name)
    {
        using Products products = new(KernelCases.Named(name), columns: 37, MostRows);
        products.Multiply(MostRows);
        for (int m = 0; m < MostRows; m++)
        {
            for (int j = 0; j < PanelKernel.PanelRows; j++)
            {
                Assert.Equal(products.Chain(m, j), products.Result(m, j));
            }
        }
    }

    [Fact]
    public void Rounding_to_bfloat16_is_to_the_nearest_and_to_even_at_ties()
    {
        // 1 + 2^-8 and 1 + 3·2^-8 lie half-way between two numbers of 8 bits: 1, 1 + 2^-7, 1 + 2^-6.
        (float Number, float Rounded)[] cases =
        [
            (1 + (1 / 256f), 1), (1 + (3 / 256f), 1 + (1 / 64f)), (1 + (1.001f / 256f), 1 + (1 / 128f)), (-1 - (3 / 256f), -1 - (1 / 64f)),
            (0, 0), (float.PositiveInfinity, float.PositiveInfinity), (float.MaxValue, float.PositiveInfinity), (3.140625f, 3.140625f),
        ];
        using RowBuffer row = new(1, 32);
        using RowBuffer rounded = new(1, 32);
        for (int i = 0; i < cases.Length; i++)
        {
            row.Rows[0][i] = cases[i].Number;
        }

        row.Rows[0][cases.Length] = BitConverter.UInt32BitsToSingle(0xFFFFFFFF); // not a number, of all ones
        Bf16.RoundRow(row.Rows[0], (uint*)rounded.Rows[0], 32);
        for (int i = 0; i < cases.Length; i++)
        {
            Assert.Equal(cases[i].Rounded, Widened(((ushort*)rounded.Rows[0])[i]));
            Assert.Equal(cases[i].Rounded, Widened(Bf16.Round(cases[i].Number)));
        }

        Assert.Equal(float.NaN, Widened(Bf16.Round(row.Rows[0][cases.Length])));
        Assert.Equal(float.NaN, Widened(((ushort*)rounded.Rows[0])[cases.Length]));
    }

    [Fact]
    public void The_self_test_tells_a_kernel_that_is_wrong()
    {
        PanelKernel managed = PanelKernels.Of(ComputeKernel.Bf16Managed)[0];

        Assert.True(KernelSelfTest.Agree(managed, managed));
        Assert.False(KernelSelfTest.Agree(new WrongKernel(managed), managed));
    }

    [Fact]
    public void A_kernel_that_the_machine_cannot_run_is_an_error_that_says_why()
    {
        Assert.SkipWhen(PanelKernels.Kinds().Contains(ComputeKernel.Bf16Native), "this machine can run them all");

        var error = Assert.Throws<ProximaException>(() => KernelChoice.Make(ComputeKernel.Bf16Native, ComputePrecision.Fp32, 1000));

        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.StartsWith("compute_kernel = bf16_native: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Auto_stays_with_float32_unless_the_run_is_in_bfloat16_and_a_setting_forces_its_kernel()
    {
        Assert.Equal(ComputeKernel.Fp32, KernelChoice.Make(ComputeKernel.Auto, ComputePrecision.Fp32, 1000).ForWeights.Kind);
        foreach (ComputeKernel kind in PanelKernels.Kinds())
        {
            KernelChoice choice = KernelChoice.Make(kind, ComputePrecision.Fp32, 1000);
            Assert.Equal(kind, choice.ForWeights.Kind);
            Assert.Equal(kind == ComputeKernel.Bf16Native ? ComputeKernel.Bf16Managed : ComputeKernel.Fp32, choice.ForAttention.Kind);
        }

        string inBf16 = KernelChoice.Make(ComputeKernel.Auto, ComputePrecision.Bf16, 1000).Description;
        Assert.All(PanelKernels.Kinds(), kind => Assert.Contains(EnumText.Of(kind), inBf16, StringComparison.Ordinal));
    }

    private static float Widened(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    private sealed class WrongKernel(PanelKernel kernel) : FormatKernel<Bf16Panel>
    {
        public override ComputeKernel Kind => kernel.Kind;

        public override string Name => "wrong";

        public override int TileRows => kernel.TileRows;

        public override void Multiply(byte* panel, int columns, RowBlock rows, int count, RowBlock results)
        {
            kernel.Multiply(panel, columns, rows, count, results);
            results[count - 1][31] += columns > 2 ? 0.25f : 0;
        }
    }
}
