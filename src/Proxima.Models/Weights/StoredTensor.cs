namespace Proxima.Models.Weights;

/// <summary>What a file says of one tensor.</summary>
public sealed record StoredTensor(string Name, StoredType Type, IReadOnlyList<long> Shape)
{
    /// <summary>First byte, counted from the end of the header.</summary>
    public long Begin { get; init; }

    /// <summary>Bytes of the data.</summary>
    /// <exception cref="OverflowException">the shape is absurd</exception>
    public long ByteCount => Shape.Aggregate((long)Type.Size, (product, size) => checked(product * size));

    /// <summary>One past the last byte.</summary>
    public long End => checked(Begin + ByteCount);
}
