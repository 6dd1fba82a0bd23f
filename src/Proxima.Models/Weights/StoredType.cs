using static TorchSharp.torch;

namespace Proxima.Models.Weights;

/// <summary>Number types of safetensors files, by name, size and rank. Files list tensors of a higher rank first.</summary>
/// <param name="Name">the name in the header</param>
/// <param name="Scalar">the same type in libtorch</param>
/// <param name="Size">bytes an element</param>
public sealed record StoredType(string Name, ScalarType Scalar, int Size)
{
    // In the order of the safetensors library, which decides the order of tensors in a file.
    private static readonly StoredType[] Known =
    [
        new("BOOL", ScalarType.Bool, 1),
        new("U8", ScalarType.Byte, 1),
        new("I8", ScalarType.Int8, 1),
        new("I16", ScalarType.Int16, 2),
        new("F16", ScalarType.Float16, 2),
        new("BF16", ScalarType.BFloat16, 2),
        new("I32", ScalarType.Int32, 4),
        new("F32", ScalarType.Float32, 4),
        new("F64", ScalarType.Float64, 8),
        new("I64", ScalarType.Int64, 8),
    ];

    /// <summary>Place in the order of types.</summary>
    public int Rank => Array.IndexOf(Known, this);

    /// <summary>The type with a name of the header; null when Proxima does not read it.</summary>
    public static StoredType? Named(string name) => Array.Find(Known, type => type.Name == name);

    /// <summary>The type that stores a scalar type of libtorch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">safetensors has no such type, or Proxima does not write it</exception>
    public static StoredType Of(ScalarType scalar) =>
        Array.Find(Known, type => type.Scalar == scalar) ?? throw new ArgumentOutOfRangeException(nameof(scalar), scalar, "no type of safetensors files");
}
