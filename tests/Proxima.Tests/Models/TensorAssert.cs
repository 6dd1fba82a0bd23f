using static TorchSharp.torch;

namespace Proxima.Tests.Models;

internal static class TensorAssert
{
    /// <summary>Fails when shapes differ or an element is off by more than the tolerance; where "where" is given, an element where it is true.</summary>
    public static void Close(Tensor expected, Tensor actual, double tolerance, string what, Tensor? where = null)
    {
        Assert.True(expected.shape.SequenceEqual(actual.shape), $"{what}: [{string.Join(", ", actual.shape)}] instead of [{string.Join(", ", expected.shape)}]");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var difference = (actual.to_type(ScalarType.Float64) - expected.to_type(ScalarType.Float64)).abs();
        if (where is not null)
        {
            difference = difference.masked_fill(where.logical_not(), 0);
        }

        double worst = difference.max().item<double>();
        Assert.True(worst <= tolerance, $"{what}: off by {worst:g3}, {tolerance:g3} allowed");
    }
}
