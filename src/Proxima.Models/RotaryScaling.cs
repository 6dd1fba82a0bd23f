namespace Proxima.Models;

/// <summary>How the frequencies of rotary positions are scaled.</summary>
public enum RotaryScaling
{
    None,

    /// <summary>All are divided by the factor (Chen et al. 2023).</summary>
    Linear,

    /// <summary>Low ones are divided by the factor, high ones stay, those between are interpolated (Llama 3.1).</summary>
    Llama3,
}
