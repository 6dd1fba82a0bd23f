using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using Proxima.Core;
using static TorchSharp.torch;

namespace Proxima.Models.Native;

/// <summary>
/// Lets the MKL inside libtorch use its AVX-512 kernels on CPUs of other makers than Intel. MKL keeps the answer to "is this
/// an Intel CPU" in one integer; it is set before the first product, for MKL chooses its kernels then and never again.
/// The products are checked against double precision afterwards. What is chosen depends on the CPU alone, never on a
/// timing, so that two runs with the same seed give the same bits.
/// </summary>
internal static class GemmRepair
{
    /// <summary>The variable that switches the repair off when it is "plain".</summary>
    public const string Variable = "PROXIMA_GEMM";

    private static readonly string[] Questions = ["mkl_serv_intel_cpu_true", "mkl_serv_intel_cpu"];

    /// <summary>Applies the repair where it helps.</summary>
    /// <returns>the path that fp32 products take from now on, for the log</returns>
    /// <exception cref="ProximaException">products are wrong after the repair</exception>
    public static string Apply(nint torchCpu)
    {
        string maker = CpuMaker();
        if (Environment.GetEnvironmentVariable(Variable) == "plain")
        {
            return $"MKL as it comes ({Variable}=plain)";
        }

        if (maker == "GenuineIntel" || !Avx512F.IsSupported)
        {
            return $"MKL as it comes ({maker})";
        }

        if (!Questions.All(name => NativeLibrary.TryGetExport(torchCpu, name, out nint code) && AnswerAddress(code) != 0))
        {
            return $"MKL as it comes ({maker}; this libtorch has no MKL that the AVX-512 repair knows)";
        }

        foreach (string name in Questions)
        {
            Marshal.WriteInt32(AnswerAddress(NativeLibrary.GetExport(torchCpu, name)), 1);
        }

        CheckProducts();
        return $"MKL with its AVX-512 kernels ({maker})";
    }

    /// <summary>
    /// Address of the integer that a function of MKL begins by reading: 8B 05 d32 is mov eax, [rip + d32].
    /// </summary>
    /// <returns>0 when the function begins otherwise</returns>
    private static nint AnswerAddress(nint code)
    {
        const int InstructionLength = 6;
        bool readsInteger = Marshal.ReadByte(code) == 0x8b && Marshal.ReadByte(code, 1) == 0x05;
        return readsInteger ? code + InstructionLength + Marshal.ReadInt32(code, 2) : 0;
    }

    private static string CpuMaker()
    {
        if (!X86Base.IsSupported)
        {
            return "not x86";
        }

        (_, int ebx, int ecx, int edx) = X86Base.CpuId(0, 0);
        return Encoding.ASCII.GetString(MemoryMarshal.AsBytes<int>([ebx, edx, ecx]));
    }

    /// <summary>Compares a few products of odd and even shapes with double precision.</summary>
    private static void CheckProducts()
    {
        CounterRandom random = new(seed: 0, RandomPurpose.HeadInitialisation);
        foreach ((int m, int k, int n) in new[] { (1, 64, 33), (37, 129, 65), (128, 96, 144) })
        {
            float[] left = Draw(ref random, m * k);
            float[] right = Draw(ref random, k * n);
            float[] product = Multiply(left, right, m, k, n);
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    CheckElement(left, right, product[i * n + j], (i, j), (k, n));
                }
            }
        }
    }

    private static void CheckElement(float[] left, float[] right, float found, (int Row, int Column) at, (int K, int N) size)
    {
        double expected = 0;
        double magnitude = 0;
        for (int k = 0; k < size.K; k++)
        {
            double term = (double)left[at.Row * size.K + k] * right[k * size.N + at.Column];
            expected += term;
            magnitude += Math.Abs(term);
        }

        // The bound of any order of fp32 additions: K units in the last place of the sum of magnitudes.
        double bound = size.K * Math.Pow(2, -24) * magnitude;
        if (!(Math.Abs(found - expected) <= bound))
        {
            throw new ProximaException(
                ExitCode.Numerical,
                $"An fp32 product is wrong after MKL's AVX-512 kernels were switched on: {found}, expected {expected} within {bound:g2}. "
                + $"Set {Variable}=plain to leave MKL as it comes.");
        }
    }

    private static float[] Multiply(float[] left, float[] right, int m, int k, int n)
    {
        using var scope = NewDisposeScope();
        var a = tensor(left, [m, k], dtype: ScalarType.Float32);
        var b = tensor(right, [k, n], dtype: ScalarType.Float32);
        return a.matmul(b).data<float>().ToArray();
    }

    private static float[] Draw(ref CounterRandom random, int count)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (float)(random.NextDouble() * 2 - 1);
        }

        return values;
    }
}
