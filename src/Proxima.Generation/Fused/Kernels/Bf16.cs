using System.Runtime.Intrinsics;

namespace Proxima.Generation.Fused.Kernels;

/// <summary>bfloat16 is the upper half of a float32. Rounding is to the nearest, ties to even; what is no number stays none.</summary>
internal static unsafe class Bf16
{
    private const uint BelowHalf = 0x7FFF;
    private const uint QuietBit = 0x00400000;

    /// <summary>The upper half, rounded.</summary>
    public static ushort Round(float number)
    {
        uint bits = BitConverter.SingleToUInt32Bits(number);
        return (ushort)((float.IsNaN(number) ? bits | QuietBit : bits + BelowHalf + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>The rounded numbers stand in the upper halves; the lower ones hold no meaning.</summary>
    public static Vector512<uint> Round(Vector512<float> numbers)
    {
        Vector512<uint> bits = numbers.AsUInt32();
        Vector512<uint> rounded = bits + Vector512.Create(BelowHalf) + ((bits >>> 16) & Vector512<uint>.One);
        return Vector512.ConditionalSelect(Vector512.Equals(numbers, numbers).AsUInt32(), rounded, bits | Vector512.Create(QuietBit));
    }

    /// <summary>Rounds a row. Its length is even, or a zero follows it.</summary>
    /// <param name="row">[count]; memory up to a multiple of 32 may be read</param>
    /// <param name="rounded">[count ÷ 2] pairs, the earlier number in the lower half; memory up to a multiple of 16 may be written</param>
    /// <param name="count">numbers</param>
    public static void RoundRow(float* row, uint* rounded, int count)
    {
        for (int k = 0; k < count; k += 32)
        {
            Vector512<uint> earlier = Round(Vector512.Load(row + k));
            Vector512<uint> later = Round(Vector512.Load(row + k + 16));
            Vector512.Narrow(earlier >>> 16, later >>> 16).Store((ushort*)(rounded + (k / 2)));
        }
    }
}
