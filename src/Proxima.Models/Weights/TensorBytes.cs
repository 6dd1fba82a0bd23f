using static TorchSharp.torch;

namespace Proxima.Models.Weights;

/// <summary>Moves the bytes of contiguous CPU tensors, in pieces, for a span ends at 2 GB.</summary>
internal static unsafe class TensorBytes
{
    private const long Piece = 1 << 30;

    /// <summary>A piece of a tensor.</summary>
    /// <param name="offset">first byte within the tensor</param>
    /// <param name="bytes">the bytes</param>
    public delegate void Visit(long offset, Span<byte> bytes);

    /// <summary>Overwrites a tensor.</summary>
    /// <param name="target">contiguous, on the CPU</param>
    /// <param name="source">as many bytes as the tensor has</param>
    public static void Write(Tensor target, byte* source) =>
        ForEachPiece(target, (offset, bytes) => new ReadOnlySpan<byte>(source + offset, bytes.Length).CopyTo(bytes));

    /// <summary>Shows a contiguous CPU tensor piece by piece.</summary>
    public static void ForEachPiece(Tensor tensor, Visit visit)
    {
        long count = tensor.numel();
        long elementSize = tensor.element_size();
        using var flat = tensor.view(count);
        for (long first = 0; first < count; first += Piece / elementSize)
        {
            using var piece = flat.narrow(0, first, Math.Min(Piece / elementSize, count - first));
            visit(first * elementSize, piece.bytes);
        }
    }
}
