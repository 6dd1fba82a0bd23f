using Proxima.Core;
using Proxima.Models;
using static TorchSharp.torch;

namespace Proxima.Tests.Models;

/// <summary>use_flash_attention: the fused kernel at every length.</summary>
public sealed class FusedAttentionTests
{
    private static readonly ComputeOptions Fused = new() { FusedAttention = true };

    /// <summary>All families whose attention scores are not capped.</summary>
    public static TheoryData<string> Uncapped => [.. GoldenCases.WithArrays.Select(row => row.Data).Where(name => name != "gemma2")];

    [Theory]
    [MemberData(nameof(Uncapped))]
    public void Logits_are_those_of_transformers_for_both_sides_of_padding(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using GoldenModel golden = new(name);
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);
        model.Decoder.Options = Fused;
        foreach (string side in new[] { "right", "left" })
        {
            var mask = golden.Mask(side);
            var logits = model.Logits(golden.Hidden(model.Decoder, side));
            TensorAssert.Close(golden["logits"][golden.Mask("right")], logits[mask], golden.LogitTolerance, side);
        }
    }

    [Theory]
    [MemberData(nameof(Uncapped))]
    public void Gradients_are_those_of_transformers(string name)
    {
        using var scope = NewDisposeScope();
        using GoldenModel golden = new(name);
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);
        model.Decoder.Options = Fused;
        golden.Loss(model).backward();
        double total = golden.Numbers.GetProperty("sft").GetProperty("grad_norm").GetDouble();
        foreach (var (parameter, value) in model.NamedParameters())
        {
            TensorAssert.Close(golden["grad." + parameter], value.grad ?? zeros_like(value), 1e-5 * total, parameter);
        }
    }

    [Theory]
    [InlineData("llama_gqa_tied")]
    [InlineData("mistral_window")]
    public void In_bfloat16_the_logits_stay_within_the_yardstick(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using GoldenModel golden = new(name);
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.BFloat16);
        model.Decoder.Options = Fused;
        var logits = model.Logits(golden.Hidden(model.Decoder, "left"));
        double yardstick = golden.Numbers.GetProperty("bf16").GetProperty("max_abs_logit_difference").GetDouble();
        TensorAssert.Close(golden["logits"][golden.Mask("right")], logits[golden.Mask("left")], 2 * yardstick, name);
    }

    [Fact]
    public void The_kernel_is_another_one_where_plain_products_are_the_choice()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using GoldenModel golden = new("long"); // rows of 300 tokens: below the length from which the kernel is taken anyway
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);
        var plain = golden.Hidden(model.Decoder, "right");
        model.Decoder.Options = Fused;
        var fused = golden.Hidden(model.Decoder, "right");
        Assert.True(plain.ne(fused).any().item<bool>(), "not a bit differs: the same kernel ran twice");
        TensorAssert.Close(plain, fused, 2e-4, "long", golden.Mask("right").unsqueeze(-1));
    }

    [Fact]
    public void A_model_that_caps_its_attention_scores_refuses_it()
    {
        using GoldenModel golden = new("gemma2");
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);
        ProximaException exception = Assert.Throws<ProximaException>(() => model.Decoder.Options = Fused);
        Assert.Equal(ExitCode.Usage, exception.ExitCode);
        Assert.StartsWith("use_flash_attention = true: Gemma2ForCausalLM caps its attention scores", exception.Message, StringComparison.Ordinal);
    }
}
