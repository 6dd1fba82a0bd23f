using Proxima.Core.Settings;
using Proxima.Models;
using Proxima.Tests.Models;
using Proxima.Training;
using static TorchSharp.torch;

namespace Proxima.Gpu.Tests;

/// <summary>What transformers computes, computed on a GPU.</summary>
public sealed class GoldenTests
{
    [Theory]
    [MemberData(nameof(GoldenCases.WithArrays), MemberType = typeof(GoldenCases))]
    public void Logits_in_float32_are_those_of_transformers_for_both_sides_of_padding(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using GoldenModel golden = new(name, Gpu.Get());
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32, golden.Device);

        var right = model.Logits(golden.Hidden(model.Decoder, "right"));
        var left = model.Logits(golden.Hidden(model.Decoder, "left"));

        TensorAssert.Close(golden["logits"], right, golden.LogitTolerance, "right", golden.Mask("right").unsqueeze(-1));
        TensorAssert.Close(golden["logits"][golden.Mask("right")], left[golden.Mask("left")], golden.LogitTolerance, "left");
    }

    [Theory]
    [MemberData(nameof(GoldenCases.WithArrays), MemberType = typeof(GoldenCases))]
    public void Gradients_in_float32_are_those_of_transformers(string name)
    {
        using var scope = NewDisposeScope();
        using GoldenModel golden = new(name, Gpu.Get());
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32, golden.Device);
        golden.Loss(model).backward();
        double total = golden.Numbers.GetProperty("sft").GetProperty("grad_norm").GetDouble();
        foreach (var (parameter, value) in model.NamedParameters())
        {
            TensorAssert.Close(golden["grad." + parameter], value.grad ?? zeros_like(value), 1e-5 * total, parameter);
        }
    }

    [Theory]
    [MemberData(nameof(GoldenCases.WithScore), MemberType = typeof(GoldenCases))]
    public void Values_in_float32_are_those_of_transformers(string name)
    {
        Assert.SkipWhen(name == "long", "its values are those of the last tokens");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using GoldenModel golden = new(name, Gpu.Get());
        using ScoreModel model = ModelFolder.LoadScore(golden.Score, ScalarType.Float32, device: golden.Device);
        TensorAssert.Close(golden["score.values"], model.Values(golden.Hidden(model.Decoder, "right")), golden.LogitTolerance, "values", golden.Mask("right"));
    }

    /// <summary>float16 has more bits than bfloat16, so its error is within the same yardstick.</summary>
    [Theory]
    [MemberData(nameof(SixteenBit))]
    public void In_16_bit_logits_and_gradients_stay_within_twice_what_bfloat16_costs_transformers(string name, bool isFloat16, OptLevel level)
    {
        using var scope = NewDisposeScope();
        using GoldenModel golden = new(name, Gpu.Get());
        TrainingPrecision precision = TrainingPrecision.Of(new MachineSettings { Fp16 = isFloat16, Bf16 = !isFloat16, Fp16OptLevel = level }, null, golden.Device);
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, precision.Trained, golden.Device);
        model.Decoder.Options = precision.Options;
        using (no_grad())
        {
            double yardstick = golden.Numbers.GetProperty("bf16").GetProperty("max_abs_logit_difference").GetDouble();
            TensorAssert.Close(golden["logits"], model.Logits(golden.Hidden(model.Decoder, "right")), 2 * yardstick, "logits", golden.Mask("right").unsqueeze(-1));
        }

        const double Scale = 1024; // float16 gradients
        golden.Loss(model).mul(Scale).backward();
        Tensor[] found = [.. model.NamedParameters().Select(p => (p.Value.grad ?? zeros_like(p.Value)).to_type(ScalarType.Float32).view(-1))];
        var (all, reference) = (cat(found) / Scale, cat([.. model.NamedParameters().Select(p => golden["grad." + p.Name].view(-1))]));
        double ratio = all.norm().item<float>() / reference.norm().item<float>();
        Assert.InRange(all.dot(reference).item<float>() / (all.norm().item<float>() * reference.norm().item<float>()), 0.99, 1.0001);
        Assert.InRange(ratio, 0.97, 1.03);
    }

    public static TheoryData<string, bool, OptLevel> SixteenBit
    {
        get
        {
            TheoryData<string, bool, OptLevel> data = [];
            foreach (string name in new[] { "llama_gqa_tied", "qwen3", "gemma2", "gpt2" })
            {
                foreach (bool isFloat16 in new[] { false, true })
                {
                    data.Add(name, isFloat16, OptLevel.O1);
                    data.Add(name, isFloat16, OptLevel.O2);
                }
            }

            return data;
        }
    }
}
