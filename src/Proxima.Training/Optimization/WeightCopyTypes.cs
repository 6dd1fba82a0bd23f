using static TorchSharp.torch;

namespace Proxima.Training.Optimization;

/// <summary>Number types of <see cref="WeightCopies"/>.</summary>
internal static class WeightCopyTypes
{
    /// <summary>The type of what a model computes with.</summary>
    public static ScalarType NumberType(this WeightCopies copies) => copies switch
    {
        WeightCopies.BFloat16 => ScalarType.BFloat16,
        WeightCopies.Float16 => ScalarType.Float16,
        _ => ScalarType.Float32,
    };
}
