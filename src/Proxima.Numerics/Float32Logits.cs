using System.Runtime.Intrinsics;

namespace Proxima.Numerics;

/// <summary>float32 logits.</summary>
internal readonly unsafe struct Float32Logits : ILogitFormat
{
    public static int Size => sizeof(float);

    public static Vector512<float> Load(void* row, long column) => Vector512.Load((float*)row + column);

    public static void Store(void* row, long column, Vector512<float> values) => values.Store((float*)row + column);

    public static float LoadOne(void* row, long column) => ((float*)row)[column];

    public static void StoreOne(void* row, long column, float value) => ((float*)row)[column] = value;
}
