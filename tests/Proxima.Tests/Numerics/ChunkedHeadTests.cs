using Proxima.Numerics;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Proxima.Tests.Numerics;

public sealed class ChunkedHeadTests
{
    private const long V = 1 << 17; // so large that 300 rows come in several chunks
    private const long N = 150;
    private const long C = 4;

    [Fact]
    public void Log_probs_and_entropies_equal_those_of_whole_logits()
    {
        using var scope = NewDisposeScope();
        (Tensor hidden, Tensor weight, Tensor tokens) = Case();
        var (logProbs, entropies) = ChunkedHead.Evaluate(h => F.linear(h, weight), hidden, tokens, 0.7, V);
        var whole = (F.linear(hidden, weight).to(float64) / 0.7).log_softmax(-1);
        AssertNear(whole.gather(-1, tokens.unsqueeze(-1)).squeeze(-1), logProbs, 2e-5);
        AssertNear(-(whole.exp() * whole).sum(-1), entropies, 1e-4); // float32 sums of 131,072 terms
    }

    [Fact]
    public void Gradients_equal_those_of_whole_logits()
    {
        using var scope = NewDisposeScope();
        (Tensor inputs, Tensor weight, Tensor tokens) = Case();
        var weights = linspace(-1, 1, N);

        var (expectedInputs, expectedWeight) = (inputs.clone().requires_grad_(true), weight.clone().requires_grad_(true));
        var logSoftmax = TokenDistribution.LogSoftmax(F.linear(expectedInputs * 2, expectedWeight), 0.7);
        var loss = ((TokenDistribution.LogProbs(logSoftmax, tokens) * weights) - (TokenDistribution.Entropies(logSoftmax) * 0.1)).sum();
        loss.backward();

        var (actualInputs, actualWeight) = (inputs.clone().requires_grad_(true), weight.clone().requires_grad_(true));
        var (logProbs, total) = ChunkedHead.Backward(
            h => F.linear(h, actualWeight), actualInputs * 2, tokens, 0.7, V,
            (chunk, entropies, start) => ((chunk * weights.narrow(0, start, chunk.shape[0])) - (entropies! * 0.1)).sum(),
            EntropyUse.InLoss);
        Assert.False(logProbs.requires_grad);
        Assert.Equal(loss.item<float>(), total.item<float>(), 2e-3);
        AssertNear(expectedInputs.grad!, actualInputs.grad!, 1e-5);
        AssertNear(expectedWeight.grad!, actualWeight.grad!, 1e-5);
    }

    private static (Tensor Hidden, Tensor Weight, Tensor Tokens) Case()
    {
        using var generator = new Generator(3);
        var hidden = randn([N, C], generator: generator);
        var weight = randn([V, C], generator: generator);
        var tokens = randint(0, V, [N], dtype: ScalarType.Int64, generator: generator);
        return (hidden, weight, tokens);
    }

    private static void AssertNear(Tensor expected, Tensor actual, double tolerance) =>
        Assert.InRange((expected.to(float64) - actual.to(float64)).abs().max().item<double>(), 0, tolerance);
}
