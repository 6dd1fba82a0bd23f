using System.Runtime.Intrinsics;

namespace Proxima.Training.Optimization;

/// <summary>
/// One pass of AdamW over flat buffers, 28 bytes a parameter. Every element is computed alike, in whatever lane or thread it
/// falls, so the result depends on neither.
/// </summary>
internal sealed record AdamWKernel
{
    private const int Lanes = 16;

    /// <summary>β₁.</summary>
    public required float Beta1 { get; init; }

    /// <summary>β₂.</summary>
    public required float Beta2 { get; init; }

    /// <summary>ε.</summary>
    public required float Epsilon { get; init; }

    /// <summary>What gradients are multiplied by first: the clip.</summary>
    public required float GradientFactor { get; init; }

    /// <summary>rate ÷ (1 − β₁ᵗ).</summary>
    public required float StepSize { get; init; }

    /// <summary>1 ÷ √(1 − β₂ᵗ).</summary>
    public required float RootFactor { get; init; }

    /// <summary>Moves some weights.</summary>
    /// <param name="weights">w</param>
    /// <param name="gradients">g</param>
    /// <param name="first">m</param>
    /// <param name="second">v</param>
    /// <param name="count">of each</param>
    /// <param name="decay">1 − rate · weight decay</param>
    public unsafe void Run(float* weights, float* gradients, float* first, float* second, long count, float decay)
    {
        long i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Vector512<float> g = Vector512.Load(gradients + i) * GradientFactor;
            Vector512<float> m = Vector512.FusedMultiplyAdd(g, Vector512.Create(1 - Beta1), Vector512.Load(first + i) * Beta1);
            Vector512<float> v = Vector512.FusedMultiplyAdd(g * g, Vector512.Create(1 - Beta2), Vector512.Load(second + i) * Beta2);
            m.Store(first + i);
            v.Store(second + i);
            Vector512<float> denominator = Vector512.FusedMultiplyAdd(Vector512.Sqrt(v), Vector512.Create(RootFactor), Vector512.Create(Epsilon));
            Vector512.FusedMultiplyAdd(m / denominator, Vector512.Create(-StepSize), Vector512.Load(weights + i) * decay).Store(weights + i);
        }

        for (; i < count; i++)
        {
            float g = gradients[i] * GradientFactor;
            first[i] = MathF.FusedMultiplyAdd(g, 1 - Beta1, first[i] * Beta1);
            second[i] = MathF.FusedMultiplyAdd(g * g, 1 - Beta2, second[i] * Beta2);
            float denominator = MathF.FusedMultiplyAdd(MathF.Sqrt(second[i]), RootFactor, Epsilon);
            weights[i] = MathF.FusedMultiplyAdd(first[i] / denominator, -StepSize, weights[i] * decay);
        }
    }
}
