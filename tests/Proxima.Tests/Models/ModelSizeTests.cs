using Proxima.Models;
using Proxima.Tests.Training.Planning;
using static TorchSharp.torch;

namespace Proxima.Tests.Models;

public sealed class ModelSizeTests
{
    [Fact]
    public void Weights_of_a_tiny_shape_are_those_counted_by_hand()
    {
        ModelSize size = TinyPlans.Size();

        Assert.Equal(80, size.Embedding);
        Assert.Equal(2 * (8 + 64 + 32 + 32 + 64 + 8 + 128 + 128 + 128), size.Blocks);
        Assert.Equal(2 * (64 + 32 + 32 + 64 + 128 + 128 + 128), size.BlockMatrices);
        Assert.Equal(1272, size.LanguageModel);
        Assert.Equal(1280, size.ScoreModel);
    }

    [Theory]
    [MemberData(nameof(GoldenCases.All), MemberType = typeof(GoldenCases))]
    public void A_folder_counts_as_many_weights_as_are_loaded_from_it(string name)
    {
        using GoldenModel golden = new(name);
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);

        Assert.Equal(model.NamedParameters().Sum(parameter => parameter.Value.numel()), ModelSize.Of(golden.Causal).LanguageModel);
        Assert.Equal(name == "qwen3_bf16" ? 2 : 4, ModelSize.Of(golden.Causal).StoredBytes);
    }

    [Theory]
    [MemberData(nameof(GoldenCases.All), MemberType = typeof(GoldenCases))]
    public void A_slice_of_every_family_gives_finite_numbers(string name)
    {
        using GoldenModel golden = new(name);
        using var scope = NewDisposeScope();
        ModelConfig slice = ModelSlice.Cut(ModelConfig.Load(golden.Causal), layers: 1, vocabulary: 16);
        using CausalLanguageModel model = ModelSlice.Causal(slice, ScalarType.Float32);
        using ScoreModel scores = ModelSlice.Score(slice, ScalarType.Float32);
        var ids = arange(6, dtype: ScalarType.Int64).view(2, 3);
        var positions = arange(3, dtype: ScalarType.Int64).expand(2, -1).contiguous();

        Assert.Equal([2, 3, 16], model.Logits(model.Decoder.Forward(ids, positions)).shape);
        Assert.True(scores.Values(scores.Decoder.Forward(ids, positions)).isfinite().all().item<bool>());
    }

    [Fact]
    public void A_slice_without_layers_is_embedding_norm_and_head()
    {
        using CausalLanguageModel model = ModelSlice.Causal(ModelSlice.Cut(TinyPlans.Config(), layers: 0, vocabulary: 10), ScalarType.BFloat16);

        Assert.Equal(88, model.NamedParameters().Sum(parameter => parameter.Value.numel()));
    }
}
