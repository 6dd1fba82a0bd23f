using Proxima.Models;

namespace Proxima.Generation.Fused;

/// <summary>Cosines and sines of rotary positions, in the layout of halves.</summary>
internal sealed class RotationTable
{
    private readonly int _half;
    private readonly float[] _cosines; // [positions, D / 2]
    private readonly float[] _sines;

    /// <param name="config">of the model</param>
    /// <param name="positions">longest sequence</param>
    public RotationTable(ModelConfig config, int positions)
    {
        _half = config.HeadSize / 2;
        _cosines = new float[positions * _half];
        _sines = new float[positions * _half];
        float[] frequencies = config.Traits.Frequencies.Compute(config.HeadSize);
        for (int i = 0; i < _cosines.Length; i++)
        {
            (_sines[i], _cosines[i]) = MathF.SinCos(i / _half * frequencies[i % _half]);
        }
    }

    /// <summary>Turns one head.</summary>
    /// <param name="x">[D]</param>
    /// <param name="position">place of the token</param>
    public void Turn(Span<float> x, int position)
    {
        ReadOnlySpan<float> cosines = _cosines.AsSpan(position * _half, _half);
        ReadOnlySpan<float> sines = _sines.AsSpan(position * _half, _half);
        Span<float> second = x[_half..];
        for (int i = 0; i < cosines.Length; i++)
        {
            (float a, float b) = (x[i], second[i]);
            x[i] = (a * cosines[i]) - (b * sines[i]);
            second[i] = (b * cosines[i]) + (a * sines[i]);
        }
    }
}
