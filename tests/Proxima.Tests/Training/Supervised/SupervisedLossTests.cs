using System.Text.Json;
using Proxima.Data.Examples;
using Proxima.Models;
using Proxima.Tests.Models;
using Proxima.Training.Supervised;
using static TorchSharp.torch;

namespace Proxima.Tests.Training.Supervised;

/// <summary>The loss and every gradient of a step against those of transformers, in one batch and in two of different sizes.</summary>
public sealed class SupervisedLossTests
{
    private const double LossTolerance = 2e-5;

    [Theory]
    [MemberData(nameof(GoldenCases.All), MemberType = typeof(GoldenCases))]
    public void One_batch_gives_the_loss_and_gradients_of_transformers(string name) => Check(name, micro => [micro]);

    [Theory]
    [InlineData("llama_gqa_tied")]
    [InlineData("gemma2")]
    [InlineData("gpt2")]
    public void So_do_micro_batches_of_different_sizes(string name) => Check(name, rows => [rows[..1], rows[1..]]);

    private static void Check(string name, Func<EncodedExample[], EncodedExample[][]> split)
    {
        using var scope = NewDisposeScope();
        using GoldenModel golden = new(name);
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);
        EncodedExample[] examples = Examples(golden);
        JsonElement expected = golden.Numbers.GetProperty("sft");
        int targets = examples.Sum(SupervisedBatch.TargetCount);
        double loss = 0;
        double sum = 0;
        foreach (EncodedExample[] micro in split(examples))
        {
            using var batch = new SupervisedBatch(micro, CPU);
            loss += SupervisedLoss.Backward(model, batch, 1.0 / targets);
            sum += SupervisedLoss.Sum(model, batch);
        }

        Assert.Equal(expected.GetProperty("valid_tokens").GetInt32(), targets);
        Assert.Equal(expected.GetProperty("loss").GetDouble(), loss, LossTolerance);
        Assert.Equal(expected.GetProperty("loss").GetDouble(), sum / targets, LossTolerance);
        GoldenGradientTests.CheckGradients(golden, model.NamedParameters(), expected, "grad.");
    }

    /// <summary>The rows of the right padded batch without their pads, every token a target but the first.</summary>
    internal static EncodedExample[] Examples(GoldenModel golden)
    {
        long[] lengths = golden["lengths"].data<long>().ToArray();
        return [.. lengths.Select((length, row) => SupervisedBatchTests.Example(
            [.. golden["right.input_ids"][row].data<long>().ToArray().Take((int)length).Select(id => (int)id)],
            [.. Enumerable.Repeat(true, (int)length)]))];
    }
}
