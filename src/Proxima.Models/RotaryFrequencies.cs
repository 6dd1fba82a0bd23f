namespace Proxima.Models;

/// <summary>Frequencies of rotary positions: pair i turns by position · θ^(−2i/D), scaled for long texts.</summary>
public sealed record RotaryFrequencies
{
    /// <summary>θ.</summary>
    public double Theta { get; init; } = 10000;

    /// <summary>How the frequencies are scaled.</summary>
    public RotaryScaling Scaling { get; init; } = RotaryScaling.None;

    /// <summary>How many times longer texts may be.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>Llama 3: wavelengths above OriginalMaxPositions ÷ this are scaled in full.</summary>
    public double LowFrequencyFactor { get; init; } = 1;

    /// <summary>Llama 3: wavelengths below OriginalMaxPositions ÷ this are left as they are.</summary>
    public double HighFrequencyFactor { get; init; } = 4;

    /// <summary>Llama 3: longest text before the scaling.</summary>
    public int OriginalMaxPositions { get; init; }

    /// <summary>Radians a position, one for each pair of a head.</summary>
    public float[] Compute(int headSize)
    {
        float[] frequencies = new float[headSize / 2];
        for (int i = 0; i < frequencies.Length; i++)
        {
            frequencies[i] = (float)Scale(Math.Pow(Theta, -2.0 * i / headSize));
        }

        return frequencies;
    }

    private double Scale(double frequency) => Scaling switch
    {
        RotaryScaling.None => frequency,
        RotaryScaling.Linear => frequency / Factor,
        RotaryScaling.Llama3 => ScaleAsLlama3(frequency),
        _ => throw new InvalidOperationException($"unknown scaling {Scaling}"),
    };

    private double ScaleAsLlama3(double frequency)
    {
        // How many times a pair turns within the original length decides: often, it stays; seldom, it is slowed down.
        double turns = OriginalMaxPositions * frequency / (2 * Math.PI);
        double share = Math.Clamp((turns - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor), 0, 1);
        return (1 - share) * frequency / Factor + share * frequency;
    }
}
