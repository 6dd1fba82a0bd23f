using Proxima.Numerics;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Proxima.Tests.Numerics;

public sealed class ChunkedHeadTests
{
    private const double Temperature = 0.7;
    private const double EntropyWeight = 0.1;

    /// <summary>V, N and the soft cap: so many logits that they come in several chunks; vocabularies that are no multiple of a register.</summary>
    public static TheoryData<long, long, double?> Cases => new()
    {
        { 1 << 18, 150, null },
        { 50_257, 70, null },
        { 37, 9, null },
        { 5, 3, 2.5 },
        { 5_003, 40, 3.0 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Log_probs_and_entropies_equal_those_of_whole_logits_in_double_precision(long V, long N, double? cap)
    {
        using var scope = NewDisposeScope();
        (Tensor hidden, Tensor weight, Tensor tokens) = Case(V, N);
        var (logProbs, entropies) = ChunkedHead.Evaluate(Head(weight, cap), hidden, tokens, Temperature);
        var whole = LogSoftmax(hidden.to(float64), weight.to(float64), cap);
        AssertNear(whole.gather(-1, tokens.unsqueeze(-1)).squeeze(-1), logProbs, 1e-5);
        AssertNear(-(whole.exp() * whole).sum(-1), entropies, 2e-5);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_equal_those_of_whole_logits_in_double_precision(long V, long N, double? cap)
    {
        using var scope = NewDisposeScope();
        (Tensor inputs, Tensor weight, Tensor tokens) = Case(V, N);
        var weights = linspace(-1, 1, N);

        var (expectedInputs, expectedWeight) = (inputs.to(float64).requires_grad_(true), weight.to(float64).requires_grad_(true));
        var logSoftmax = LogSoftmax(expectedInputs * 2, expectedWeight, cap);
        var entropy = -(logSoftmax.exp() * logSoftmax).sum(-1);
        var loss = ((logSoftmax.gather(-1, tokens.unsqueeze(-1)).squeeze(-1) * weights) - (entropy * EntropyWeight)).sum();
        loss.backward();

        var (actualInputs, actualWeight) = (inputs.clone().requires_grad_(true), weight.clone().requires_grad_(true));
        actualWeight.grad = ones_like(actualWeight); // gradients are added
        var (logProbs, total) = ChunkedHead.Backward(
            Head(actualWeight, cap), actualInputs * 2, tokens, Temperature,
            (chunk, entropies, start) => ((chunk * weights.narrow(0, start, chunk.shape[0])) - (entropies! * EntropyWeight)).sum(),
            EntropyUse.InLoss);
        Assert.False(logProbs.requires_grad);
        Assert.Equal(loss.item<double>(), total.item<float>(), 1e-3);
        AssertNear(expectedInputs.grad!, actualInputs.grad!, 5e-5); // float32 sums of V terms
        AssertNear(expectedWeight.grad!, actualWeight.grad! - 1, 2e-5);
    }

    [Fact]
    public void In_bfloat16_gradients_are_those_of_float32_to_the_rounding_of_logits()
    {
        using var scope = NewDisposeScope();
        (Tensor inputs, Tensor weight, Tensor tokens) = Case(1003, 20);
        (Tensor exactInputs, Tensor exactWeight) = Backward(inputs, weight, matrix => matrix);
        (Tensor narrowInputs, Tensor narrowWeight) = Backward(inputs.to(bfloat16), weight.to(bfloat16), matrix => matrix);
        (Tensor mixedInputs, Tensor mixedWeight) = Backward(inputs, weight, matrix => matrix.to(bfloat16));
        Assert.Equal((float32, float32), (mixedInputs.dtype, mixedWeight.dtype));
        foreach ((Tensor exact, Tensor found) in new[]
        {
            (exactInputs, narrowInputs), (exactInputs, mixedInputs), (exactWeight, narrowWeight), (exactWeight, mixedWeight),
        })
        {
            Assert.InRange((exact - found.to(float32)).norm().item<float>() / exact.norm().item<float>(), 0, 0.02);
        }

        (Tensor Inputs, Tensor Weight) Backward(Tensor states, Tensor matrix, Func<Tensor, Tensor> operand)
        {
            var (leaf, parameter) = (states.clone().requires_grad_(true), matrix.clone().requires_grad_(true));
            ChunkedHead.Backward(
                new VocabularyHead(parameter, operand, SoftCap: null), leaf * 1, tokens, Temperature, (chunk, _, _) => chunk.sum(), EntropyUse.None);
            return (leaf.grad!, parameter.grad!);
        }
    }

    [Fact]
    public void A_logit_of_minus_infinity_has_no_share_and_one_that_is_no_number_spreads()
    {
        using var scope = NewDisposeScope();
        var logits = tensor([0f, float.NegativeInfinity, 0f, float.NaN, 0f, 0f]).view(2, 3);
        using var rowByRow = new LogitRows(logits.clone(), [0, 1], temperature: 1, softCap: null);
        using var byTensors = new TensorLogitRows(logits.clone(), tensor([0L, 1]), temperature: 1, softCap: null);
        foreach (ILogitRows rows in new ILogitRows[] { rowByRow, byTensors })
        {
            Assert.Equal(Math.Log(0.5), rows.LogProbs[0].item<float>(), 1e-6);
            Assert.Equal(Math.Log(2), rows.Entropies[0].item<float>(), 1e-6);
            Assert.True(float.IsNaN(rows.LogProbs[1].item<float>()));
            float[] gradients = rows.Differentiate(ones(2), ones(2)).data<float>().ToArray();
            Assert.Equal([0.5f, 0f, -0.5f], gradients[..3]);
            Assert.True(float.IsNaN(gradients[4]));
        }
    }

    [Fact]
    public void An_id_outside_the_vocabulary_is_an_error()
    {
        using var scope = NewDisposeScope();
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new LogitRows(zeros([2, 3]), [0, 3], 1, null));
        Assert.StartsWith("token 1 is 3; an id in [0, 3) was expected", exception.Message, StringComparison.Ordinal);
    }

    private static VocabularyHead Head(Tensor weight, double? cap) => new(weight, matrix => matrix, cap);

    private static Tensor LogSoftmax(Tensor hidden, Tensor weight, double? cap)
    {
        var logits = F.linear(hidden, weight);
        logits = cap is double c ? (logits / c).tanh() * c : logits;
        return (logits / Temperature).log_softmax(-1);
    }

    private static (Tensor Hidden, Tensor Weight, Tensor Tokens) Case(long V, long N)
    {
        const long C = 4;
        using var generator = new Generator(3);
        var hidden = randn([N, C], generator: generator);
        var weight = randn([V, C], generator: generator);
        var tokens = randint(0, V, [N], dtype: ScalarType.Int64, generator: generator);
        return (hidden, weight, tokens);
    }

    private static void AssertNear(Tensor expected, Tensor actual, double tolerance) =>
        Assert.InRange((expected.to(float64) - actual.to(float64)).abs().max().item<double>(), 0, tolerance);
}
