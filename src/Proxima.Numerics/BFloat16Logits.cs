using System.Runtime.Intrinsics;

namespace Proxima.Numerics;

/// <summary>bfloat16 logits, rounded to the nearest.</summary>
internal readonly unsafe struct BFloat16Logits : ILogitFormat
{
    private const int Half = 16;

    public static int Size => sizeof(ushort);

    public static Vector512<float> Load(void* row, long column)
    {
        (Vector256<uint> lower, Vector256<uint> upper) = Vector256.Widen(Vector256.Load((ushort*)row + column));
        return (Vector512.Create(lower, upper) << Half).AsSingle();
    }

    public static void Store(void* row, long column, Vector512<float> values)
    {
        Vector512<uint> bits = values.AsUInt32();
        Vector512<uint> rounded = (bits + Vector512.Create(0x7FFFu) + ((bits >>> Half) & Vector512.Create(1u))) >>> Half;
        Vector256.Narrow(rounded.GetLower(), rounded.GetUpper()).Store((ushort*)row + column);
    }

    public static float LoadOne(void* row, long column) => BitConverter.UInt32BitsToSingle((uint)((ushort*)row)[column] << Half);

    public static void StoreOne(void* row, long column, float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        ((ushort*)row)[column] = (ushort)((bits + 0x7FFF + ((bits >> Half) & 1)) >> Half);
    }
}
