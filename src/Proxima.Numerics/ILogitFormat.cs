using System.Runtime.Intrinsics;

namespace Proxima.Numerics;

/// <summary>How logits lie in memory: computed with in float32, stored in one of two types.</summary>
internal unsafe interface ILogitFormat
{
    /// <summary>Bytes of a logit.</summary>
    public static abstract int Size { get; }

    public static abstract Vector512<float> Load(void* row, long column);

    public static abstract void Store(void* row, long column, Vector512<float> values);

    public static abstract float LoadOne(void* row, long column);

    public static abstract void StoreOne(void* row, long column, float value);
}
