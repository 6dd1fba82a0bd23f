using Proxima.Models;
using static TorchSharp.torch;

namespace Proxima.Tests.Models;

public sealed class GoldenLogitTests
{
    [Theory]
    [MemberData(nameof(GoldenCases.WithArrays), MemberType = typeof(GoldenCases))]
    public void Logits_are_those_of_transformers_for_both_sides_of_padding(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using GoldenModel golden = new(name);
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);

        var right = model.Logits(golden.Hidden(model.Decoder, "right"));
        var left = model.Logits(golden.Hidden(model.Decoder, "left"));

        TensorAssert.Close(golden["logits"], right, golden.LogitTolerance, "right", golden.Mask("right").unsqueeze(-1));
        TensorAssert.Close(RowsOf(golden["logits"], golden, "right"), RowsOf(left, golden, "left"), golden.LogitTolerance, "left");
    }

    [Fact]
    public void The_last_logits_of_long_rows_are_those_of_transformers()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using GoldenModel golden = new("long");
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);

        foreach (string side in new[] { "right", "left" })
        {
            var logits = model.Logits(golden.Hidden(model.Decoder, side));
            long[] lengths = golden["lengths"].data<long>().ToArray();
            for (int row = 0; row < lengths.Length; row++)
            {
                long end = side == "left" ? logits.shape[1] : lengths[row];
                TensorAssert.Close(golden["logits_last8"][row], logits[row].narrow(0, end - 8, 8), golden.LogitTolerance, $"{side} {row}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(GoldenCases.WithArrays), MemberType = typeof(GoldenCases))]
    public void A_configuration_in_the_style_of_transformers_4_gives_the_same_logits(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using GoldenModel golden = new(name);
        using TemporaryFolder folder = new();
        string old = folder.CopyOf(golden.Causal);
        File.Copy(Path.Combine(old, "config_v4.json"), Path.Combine(old, "config.json"), overwrite: true);
        using CausalLanguageModel model = ModelFolder.LoadCausal(old, ScalarType.Float32);

        var logits = model.Logits(golden.Hidden(model.Decoder, "right"));

        TensorAssert.Close(golden["logits"], logits, golden.LogitTolerance, "logits", golden.Mask("right").unsqueeze(-1));
    }

    [Theory]
    [MemberData(nameof(GoldenCases.All), MemberType = typeof(GoldenCases))]
    public void Log_probs_and_entropies_are_those_of_transformers_at_two_temperatures(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using GoldenModel golden = new(name);
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);

        foreach ((double temperature, string suffix) in new[] { (1.0, ""), (0.7, "_t0.7") })
        {
            var picked = golden.NextTokenLogProbs(model, temperature);
            TensorAssert.Close(golden["logprobs" + suffix], picked, golden.LogitTolerance, "logprobs" + suffix, golden["logprobs_valid"]);

            var all = model.Logits(golden.Hidden(model.Decoder, "right")).div(temperature).log_softmax(-1);
            var entropy = (all * all.exp()).sum(-1).neg();
            TensorAssert.Close(golden["entropy" + suffix], entropy, golden.LogitTolerance, "entropy" + suffix, golden.Mask("right"));
        }
    }

    [Theory]
    [MemberData(nameof(GoldenCases.WithArrays), MemberType = typeof(GoldenCases))]
    public void In_bfloat16_the_logits_stay_within_the_yardstick(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using GoldenModel golden = new(name);
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.BFloat16);

        var logits = model.Logits(golden.Hidden(model.Decoder, "right"));

        double yardstick = golden.Numbers.GetProperty("bf16").GetProperty("max_abs_logit_difference").GetDouble();
        TensorAssert.Close(golden["logits"], logits, 2 * yardstick, "logits", golden.Mask("right").unsqueeze(-1));
    }

    /// <summary>The valid tokens of all rows one after the other: [Σ lengths, V].</summary>
    private static Tensor RowsOf(Tensor logits, GoldenModel golden, string side) => logits[golden.Mask(side)];
}
