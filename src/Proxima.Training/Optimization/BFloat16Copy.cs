using System.Runtime.Intrinsics;

namespace Proxima.Training.Optimization;

/// <summary>Rounds float32 numbers to bfloat16, the nearest and, halfway, the even one, as libtorch does, and widens them again.</summary>
internal static unsafe class BFloat16Copy
{
    private const int Lanes = 16;
    private const uint UpperHalf = 0xFFFF0000;

    /// <param name="source">finite float32 numbers</param>
    /// <param name="target">as many bfloat16 numbers</param>
    /// <param name="count">numbers</param>
    public static void Narrow(float* source, ushort* target, long count)
    {
        long i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Vector512<uint> bits = Round(Vector512.Load(source + i).AsUInt32()) >>> 16;
            Vector256.Narrow(bits.GetLower(), bits.GetUpper()).Store(target + i);
        }

        for (; i < count; i++)
        {
            target[i] = (ushort)(Round(BitConverter.SingleToUInt32Bits(source[i])) >> 16);
        }
    }

    /// <param name="source">finite float32 numbers</param>
    /// <param name="target">as many float32 numbers, with the lower half of their bits 0</param>
    /// <param name="count">numbers</param>
    public static void Round(float* source, float* target, long count)
    {
        long i = 0;
        Vector512<uint> upper = Vector512.Create(UpperHalf);
        for (; i <= count - Lanes; i += Lanes)
        {
            (Round(Vector512.Load(source + i).AsUInt32()) & upper).AsSingle().Store(target + i);
        }

        for (; i < count; i++)
        {
            target[i] = BitConverter.UInt32BitsToSingle(Round(BitConverter.SingleToUInt32Bits(source[i])) & UpperHalf);
        }
    }

    /// <summary>Adds bfloat16 numbers to float32 ones and sets them to 0.</summary>
    /// <param name="source">bfloat16 numbers</param>
    /// <param name="target">as many float32 numbers</param>
    /// <param name="count">numbers</param>
    public static void Collect(ushort* source, float* target, long count)
    {
        long i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            (Vector256<uint> lower, Vector256<uint> upper) = Vector256.Widen(Vector256.Load(source + i));
            Vector512<float> added = (Vector512.Create(lower, upper) << 16).AsSingle();
            (Vector512.Load(target + i) + added).Store(target + i);
            Vector256<ushort>.Zero.Store(source + i);
        }

        for (; i < count; i++)
        {
            target[i] += BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
            source[i] = 0;
        }
    }

    private static Vector512<uint> Round(Vector512<uint> bits) =>
        bits + Vector512.Create(0x7FFFu) + ((bits >>> 16) & Vector512.Create(1u));

    private static uint Round(uint bits) => bits + 0x7FFF + ((bits >> 16) & 1);
}
