namespace Proxima.Training.Optimization;

/// <summary>What a model computes with, when that is not its float32 weights themselves.</summary>
public enum WeightCopies
{
    /// <summary>The weights themselves.</summary>
    None,

    /// <summary>A bfloat16 copy.</summary>
    BFloat16,

    /// <summary>A float16 copy.</summary>
    Float16,

    /// <summary>A float32 copy, rounded to bfloat16: for machines that multiply float32 faster.</summary>
    Rounded,
}
