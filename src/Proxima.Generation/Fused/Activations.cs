using System.Runtime.Intrinsics;
using Proxima.Models;

namespace Proxima.Generation.Fused;

/// <summary>Activations of 16 numbers.</summary>
internal static class Activations
{
    private const float RootOfTwoByPi = 0.7978845608f;
    private const float GeluCubic = 0.044715f;

    public static Vector512<float> Apply(Activation activation, Vector512<float> x) => activation switch
    {
        Activation.Silu => x / (Vector512<float>.One + Vector512.Exp(-x)),
        Activation.GeluTanh => GeluTanh(x),
        _ => throw new InvalidOperationException($"unknown activation {activation}"),
    };

    /// <summary>½x(1 + tanh y) = x / (1 + e^(−2y)), y = √(2/π)(x + 0.044715 x³) (Hendrycks and Gimpel 2016).</summary>
    private static Vector512<float> GeluTanh(Vector512<float> x)
    {
        Vector512<float> y = RootOfTwoByPi * (x + (GeluCubic * x * x * x));
        return x / (Vector512<float>.One + Vector512.Exp(-2f * y));
    }
}
