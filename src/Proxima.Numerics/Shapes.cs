using static TorchSharp.torch;

namespace Proxima.Numerics;

/// <summary>Shape checks that name the tensor that is wrong.</summary>
public static class Shapes
{
    /// <summary>Throws when two tensors differ in shape.</summary>
    /// <exception cref="ArgumentException">names both tensors and their shapes</exception>
    public static void RequireSame(Tensor first, Tensor second, string firstName, string secondName)
    {
        if (!first.shape.AsSpan().SequenceEqual(second.shape))
        {
            throw new ArgumentException(
                $"{firstName} has the shape [{string.Join(", ", first.shape)}] and {secondName} [{string.Join(", ", second.shape)}]; they must be the same.");
        }
    }
}
