using Proxima.Core.Settings;
using Proxima.Models;
using Proxima.Tests.Models;
using static TorchSharp.torch;

namespace Proxima.Gpu.Tests;

/// <summary>use_flash_attention and recompute change how a GPU computes, not what.</summary>
public sealed class AttentionTests
{
    // Sums on a GPU run in no fixed order: the same pass twice differs in its last bits.
    private const double Rounding = 1e-5;

    [Theory]
    [InlineData("llama_gqa_tied", ScalarType.Float32)]
    [InlineData("mistral_window", ScalarType.Float32)]
    [InlineData("qwen3", ScalarType.Float32)]
    [InlineData("llama_gqa_tied", ScalarType.BFloat16)]
    public void Flash_attention_gives_the_logits_and_gradients_of_plain_attention(string name, ScalarType type)
    {
        using var scope = NewDisposeScope();
        using GoldenModel golden = new(name, Gpu.Get());
        (Tensor plainLogits, Tensor plainGradients) = Pass(golden, type, new ComputeOptions());
        (Tensor fusedLogits, Tensor fusedGradients) = Pass(golden, type, new ComputeOptions { FusedAttention = true });
        double tolerance = type == ScalarType.Float32 ? golden.LogitTolerance : 2 * golden.Numbers.GetProperty("bf16").GetProperty("max_abs_logit_difference").GetDouble();
        TensorAssert.Close(plainLogits, fusedLogits, tolerance, "logits", golden.Mask("right").unsqueeze(-1));
        Assert.InRange(Distance(plainGradients, fusedGradients), 0, type == ScalarType.Float32 ? 1e-4 : 0.1);
    }

    [Theory]
    [InlineData(RecomputeGranularity.CoreAttn)]
    [InlineData(RecomputeGranularity.FullAttn)]
    [InlineData(RecomputeGranularity.Full)]
    public void Recomputation_gives_the_same_gradients(RecomputeGranularity granularity)
    {
        using var scope = NewDisposeScope();
        using GoldenModel golden = new("llama_gqa_tied", Gpu.Get());
        (_, Tensor kept) = Pass(golden, ScalarType.Float32, new ComputeOptions());
        (_, Tensor again) = Pass(golden, ScalarType.Float32, new ComputeOptions { Recompute = granularity });
        Assert.InRange(Distance(kept, again), 0, Rounding);
    }

    private static (Tensor Logits, Tensor Gradients) Pass(GoldenModel golden, ScalarType type, ComputeOptions options)
    {
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, type, golden.Device);
        model.Decoder.Options = options;
        golden.Loss(model).backward();
        using var noGrad = no_grad();
        var logits = model.Logits(golden.Hidden(model.Decoder, "right"));
        return (logits, cat([.. model.NamedParameters().Select(p => (p.Value.grad ?? zeros_like(p.Value)).to_type(ScalarType.Float32).view(-1))]));
    }

    private static double Distance(Tensor expected, Tensor found) => (found - expected).norm().item<float>() / expected.norm().item<float>();
}
