using Proxima.Numerics;
using Proxima.Training;
using static TorchSharp.torch;

namespace Proxima.Benchmarks.Training;

/// <summary>Memory that the loss head takes besides weights, gradients and hidden states: V = 151,936, 1,024 tokens.</summary>
internal static class LossHeadBenchmark
{
    private const long V = 151_936;
    private const long C = 896;
    private const long N = 1024;

    public static BenchmarkRow Run()
    {
        using var scope = NewDisposeScope();
        var weight = ones([V, C], dtype: ScalarType.Float32).requires_grad_(true);
        weight.grad = ones_like(weight);
        var states = ones([N, C], dtype: ScalarType.Float32).requires_grad_(true);
        var tokens = zeros([N], dtype: ScalarType.Int64);
        File.WriteAllText("/proc/self/clear_refs", "5"); // the highest resident memory counts from here
        double before = ProcessMemory.Gigabytes().Peak;
        ChunkedHead.Backward(new VocabularyHead(weight), states * 1, tokens, 1, (logProbs, _, _) => logProbs.sum(), EntropyUse.None);
        double extra = (ProcessMemory.Gigabytes().Peak - before) * 1000;
        return BenchmarkRow.AtMost(100, $"loss head, V = {V}, {N} tokens", extra, "MB");
    }
}
