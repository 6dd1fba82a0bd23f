using Proxima.Numerics;
using Proxima.Training;
using static TorchSharp.torch;

namespace Proxima.Benchmarks.Bench;

/// <summary>Memory that the loss head takes besides weights, gradients and hidden states: V = 151,936, 1,024 tokens.</summary>
internal static class LossHeadRow
{
    private const long V = 151_936;
    private const long C = 896;
    private const long N = 1024;

    public static Goal Measure()
    {
        using var scope = NewDisposeScope();
        var weight = ones([V, C], dtype: ScalarType.Float32).requires_grad_(true);
        weight.grad = ones_like(weight);
        var states = ones([N, C], dtype: ScalarType.Float32).requires_grad_(true);
        var tokens = zeros([N], dtype: ScalarType.Int64);
        PeakMemory memory = PeakMemory.Begin();
        ChunkedHead.Backward(new VocabularyHead(weight), states * 1, tokens, 1, (logProbs, _, _) => logProbs.sum(), EntropyUse.None);
        double extra = 1000 * (ProcessMemory.Gigabytes().Peak - memory.Before);
        return new Goal { Name = $"loss head, V = {V}, {N} tokens, extra memory", Measured = extra, Median = extra, Target = 100, Unit = "MB", IsUpperBound = true };
    }
}
