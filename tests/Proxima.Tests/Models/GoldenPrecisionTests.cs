using System.Text.Json;
using Proxima.Core.Settings;
using Proxima.Models;
using Proxima.Training;
using static TorchSharp.torch;

namespace Proxima.Tests.Models;

/// <summary>Every way of computing in 16 bit stays within twice what bfloat16 costs transformers.</summary>
public sealed class GoldenPrecisionTests
{
    private const double Factor = 2;

    /// <summary>Case, level, type of the operands of products.</summary>
    public static TheoryData<string, OptLevel, ScalarType> Cases
    {
        get
        {
            TheoryData<string, OptLevel, ScalarType> data = [];
            foreach (string name in GoldenCases.WithArrays)
            {
                foreach (ScalarType products in new[] { ScalarType.BFloat16, ScalarType.Float32 })
                {
                    data.Add(name, OptLevel.O1, products);
                    data.Add(name, OptLevel.O2, products);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Logits_log_probs_and_KL_stay_within_the_yardstick(string name, OptLevel level, ScalarType products)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using GoldenModel golden = new(name);
        JsonElement yardstick = golden.Numbers.GetProperty("bf16");
        TrainingPrecision precision = Precision(level, products);
        foreach (ScalarType weights in new[] { precision.Trained, precision.Frozen })
        {
            using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, weights);
            model.Decoder.Options = precision.Options;
            var hidden = golden.Hidden(model.Decoder, "right");
            Assert.Equal(precision.Options.Stream, hidden.dtype);
            var logits = model.Logits(hidden);
            Assert.Equal(products, logits.dtype);
            var found = logits.to_type(ScalarType.Float32).log_softmax(-1);
            var expected = golden["logits"].log_softmax(-1);
            var kl = expected.exp().mul(expected - found).sum(-1).masked_select(golden.Mask("right")).mean().item<float>();
            TensorAssert.Close(golden["logits"], logits, Factor * Number(yardstick, "max_abs_logit_difference"), $"logits of {weights}", golden.Mask("right").unsqueeze(-1));
            Assert.InRange(kl, -1e-6, Factor * Number(yardstick, "mean_kl"));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_point_where_those_of_float32_do(string name, OptLevel level, ScalarType products)
    {
        const double SmallestCosine = 0.99;
        using var scope = NewDisposeScope();
        using GoldenModel golden = new(name);
        TrainingPrecision precision = Precision(level, products);
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, precision.Trained);
        model.Decoder.Options = precision.Options;
        golden.Loss(model).backward();
        Tensor[] found = [.. model.NamedParameters().Select(p => (p.Value.grad ?? zeros_like(p.Value)).to_type(ScalarType.Float32).view(-1))];
        Tensor[] expected = [.. model.NamedParameters().Select(p => golden["grad." + p.Name].view(-1))];
        var (all, reference) = (cat(found), cat(expected));
        double cosine = all.dot(reference).item<float>() / (all.norm().item<float>() * reference.norm().item<float>());
        Assert.InRange(cosine, SmallestCosine, 1.0001);
        Assert.InRange(all.norm().item<float>() / reference.norm().item<float>(), 0.97, 1.03);
    }

    [Theory]
    [InlineData("llama_gqa_tied", OptLevel.O1)]
    [InlineData("gpt2", OptLevel.O1)]
    [InlineData("qwen3", OptLevel.O2)]
    [InlineData("gemma2", OptLevel.O2)]
    public void Values_stay_within_the_yardstick(string name, OptLevel level)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using GoldenModel golden = new(name);
        TrainingPrecision precision = Precision(level, ScalarType.BFloat16);
        using ScoreModel model = ModelFolder.LoadScore(golden.Score, precision.Trained);
        model.Decoder.Options = precision.Options;
        var values = model.Values(golden.Hidden(model.Decoder, "right"));
        Assert.Equal(ScalarType.Float32, values.dtype);
        double yardstick = Number(golden.Numbers.GetProperty("bf16"), "max_abs_value_difference");
        TensorAssert.Close(golden["score.values"], values, Factor * yardstick, "values", golden.Mask("right"));
    }

    private static TrainingPrecision Precision(OptLevel level, ScalarType products) =>
        TrainingPrecision.Of(new MachineSettings { Bf16 = true, Fp16OptLevel = level }, products);

    private static double Number(JsonElement yardstick, string name) => yardstick.GetProperty(name).GetDouble();
}
