using System.Text.Json;
using Proxima.Models;
using static TorchSharp.torch;

namespace Proxima.Tests.Models;

public sealed class DecoderTests
{
    [Theory]
    [InlineData("long")]
    [InlineData("mistral_window")]
    [InlineData("llama_head_dim")]
    [InlineData("gpt2")]
    public void Long_texts_through_the_fused_kernel_equal_the_same_texts_in_pieces(string name)
    {
        const int Length = 600;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using GoldenModel golden = new(name);
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);
        var ids = randint(0, model.Config.VocabularySize, [2, Length], dtype: ScalarType.Int64);
        var positions = arange(Length, dtype: ScalarType.Int64).remainder(model.Config.MaxPositions).expand(2, -1);
        var mask = ones([2, Length], dtype: ScalarType.Bool);
        mask[0, TensorIndex.Slice(0, 30)] = false; // left padding of one row

        foreach (Tensor? keyMask in new[] { null, mask })
        {
            using KeyValueCache cache = new(model.Config, 2, Length, ScalarType.Float32);
            List<Tensor> pieces = [];
            for (int start = 0; start < Length; start += 200)
            {
                var seen = keyMask?.narrow(1, 0, start + 200);
                pieces.Add(model.Decoder.Forward(ids.narrow(1, start, 200), positions.narrow(1, start, 200), seen, cache));
            }

            var whole = model.Decoder.Forward(ids, positions, keyMask);
            TensorAssert.Close(cat(pieces, 1), whole, 1e-4, keyMask is null ? "causal" : "padded", keyMask?.unsqueeze(-1));
        }
    }

    [Fact]
    public void Gradients_through_the_fused_kernel_are_those_of_transformers()
    {
        using var scope = NewDisposeScope();
        using GoldenModel golden = new("long");
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);
        var ids = golden["right.input_ids"];
        (long B, long T) = (ids.shape[0], ids.shape[1]);
        const int Padded = 520; // more padding on the right: enough for the fused kernel, and without influence

        var padded = cat([ids, zeros([B, Padded - T], dtype: ScalarType.Int64)], 1);
        var positions = arange(Padded, dtype: ScalarType.Int64).clamp_max(511).expand(B, -1);
        var logits = model.Logits(model.Decoder.Forward(padded, positions)).narrow(1, 0, T - 1);
        var picked = logits.log_softmax(-1).gather(-1, ids.narrow(1, 1, T - 1).unsqueeze(-1)).squeeze(-1);
        picked.masked_select(golden["logprobs_valid"]).mean().neg().backward();

        JsonElement norms = golden.Numbers.GetProperty("sft").GetProperty("grad_norms");
        foreach (var (name, value) in model.NamedParameters())
        {
            double expected = norms.GetProperty(name).GetDouble();
            Assert.Equal(expected, value.grad!.norm().item<float>(), 1e-4 * expected + 1e-6);
        }
    }

    [Fact]
    public void The_first_names_of_GPT2_files_give_the_same_weights_and_mask_buffers_are_ignored()
    {
        using var scope = NewDisposeScope();
        string folder = GoldenModel.FolderOf("gpt2");
        using TemporaryFolder target = new();
        using CausalLanguageModel expected = ModelFolder.LoadCausal(Path.Combine(folder, "causal"), ScalarType.Float32);
        using CausalLanguageModel found = ModelFolder.LoadCausal(Path.Combine(folder, "causal_legacy"), ScalarType.Float32);
        ModelFolder.Save(found, Path.Combine(folder, "causal_legacy"), target.Path);
        using CausalLanguageModel again = ModelFolder.LoadCausal(target.Path, ScalarType.Float32);

        Assert.Equal(expected.NamedParameters().Select(p => p.Name), found.NamedParameters().Select(p => p.Name));
        foreach (var (left, middle, right) in expected.NamedParameters().Zip(found.NamedParameters(), again.NamedParameters()))
        {
            TensorAssert.Close(left.Value, middle.Value, 0, left.Name);
            TensorAssert.Close(left.Value, right.Value, 0, left.Name);
        }
    }

    [Fact]
    public void A_forward_pass_leaves_one_tensor_behind()
    {
        using var scope = NewDisposeScope();
        using GoldenModel golden = new("llama_gqa_tied");
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);
        var (ids, positions) = (golden["right.input_ids"], golden["right.position_ids"]);
        int before = scope.DisposablesCount;

        var hidden = model.Decoder.Forward(ids, positions);
        Assert.Equal(before + 1, scope.DisposablesCount);
        model.Logits(hidden);
        Assert.Equal(before + 2, scope.DisposablesCount);
    }

    [Fact]
    public void Wrong_shapes_are_errors_that_name_the_tensor()
    {
        using var scope = NewDisposeScope();
        using GoldenModel golden = new("llama_gqa_tied");
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);
        Decoder decoder = model.Decoder;
        var ids = zeros([2, 5], dtype: ScalarType.Int64);
        using KeyValueCache small = new(model.Config, 2, 4, ScalarType.Float32);
        using KeyValueCache narrow = new(model.Config, 1, 9, ScalarType.Float32);

        Assert.Equal("ids", Assert.Throws<ArgumentException>(() => decoder.Forward(ids[0], ids)).ParamName);
        Assert.Equal("ids", Assert.Throws<ArgumentException>(() => decoder.Forward(ids.to_type(ScalarType.Int32), ids)).ParamName);
        Assert.Equal("positions", Assert.Throws<ArgumentException>(() => decoder.Forward(ids, ids.narrow(1, 0, 4))).ParamName);
        Assert.Equal("keyMask", Assert.Throws<ArgumentException>(() => decoder.Forward(ids, ids, ids)).ParamName);
        Assert.Equal("cache", Assert.Throws<ArgumentException>(() => decoder.Forward(ids, ids, null, small)).ParamName);
        Assert.Equal("cache", Assert.Throws<ArgumentException>(() => decoder.Forward(ids, ids, null, narrow)).ParamName);
    }

    [Fact]
    public void Named_parameters_are_those_of_the_module_and_require_gradients()
    {
        using GoldenModel golden = new("llama_mha_untied");
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);

        Assert.Equal([.. model.Decoder.named_parameters().Select(p => p.name), "lm_head.weight"], model.NamedParameters().Select(p => p.Name));
        Assert.All(model.NamedParameters(), parameter => Assert.True(parameter.Value is { requires_grad: true, is_leaf: true }));
        Assert.Equal(golden.Numbers.GetProperty("parameters").GetInt64(), model.NamedParameters().Sum(p => p.Value.numel()));
    }
}
