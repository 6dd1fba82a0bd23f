using Proxima.Core;
using Proxima.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Proxima.Tests.Models;

public sealed class FreshWeightsTests
{
    [Theory]
    [MemberData(nameof(GoldenCases.All), MemberType = typeof(GoldenCases))]
    public void A_model_from_a_config_has_the_weights_of_its_family_with_the_spread_of_transformers(string name)
    {
        using var scope = NewDisposeScope();
        string folder = Path.Combine(GoldenModel.FolderOf(name), "causal");
        using CausalLanguageModel loaded = ModelFolder.LoadCausal(folder, ScalarType.Float32);
        using CausalLanguageModel fresh = ModelFolder.CreateCausal(folder, ScalarType.Float32, seed: 1);

        Assert.Equal(
            loaded.NamedParameters().Select(p => $"{p.Name} {string.Join(',', p.Value.shape)}"),
            fresh.NamedParameters().Select(p => $"{p.Name} {string.Join(',', p.Value.shape)}"));
        double range = loaded.Config.InitializerRange;
        foreach ((string parameter, Parameter value) in fresh.NamedParameters())
        {
            double mean = value.mean().item<float>();
            double spread = value.numel() > 1 ? value.std().item<float>() : 0;
            if (value.dim() == 1)
            {
                bool isOne = !parameter.EndsWith(".bias", StringComparison.Ordinal) && !name.StartsWith("gemma", StringComparison.Ordinal);
                Assert.Equal((isOne ? 1 : 0, 0.0), (mean, spread));
                continue;
            }

            bool isResidual = name == "gpt2" && parameter.EndsWith("c_proj.weight", StringComparison.Ordinal);
            double expected = isResidual ? range / Math.Sqrt(2 * loaded.Config.LayerCount) : range;
            double fiveDeviations = 5 / Math.Sqrt(2.0 * value.numel());
            Assert.InRange(spread / expected, 1 - fiveDeviations, 1 + fiveDeviations);
            Assert.InRange(mean / expected, -5 / Math.Sqrt(value.numel()), 5 / Math.Sqrt(value.numel()));
        }
    }

    [Fact]
    public void The_seed_decides_the_weights()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(Embedding(1), Embedding(1));
        Assert.NotEqual(Embedding(1), Embedding(2));
    }

    [Fact]
    public void A_saved_model_loads_with_the_same_weights()
    {
        using var scope = NewDisposeScope();
        using TemporaryFolder target = new();
        string folder = Path.Combine(GoldenModel.FolderOf("llama_gqa_tied"), "causal");
        using CausalLanguageModel fresh = ModelFolder.CreateCausal(folder, ScalarType.Float32, seed: 1);

        ModelFolder.Save(fresh, folder, target.Path);

        using CausalLanguageModel loaded = ModelFolder.LoadCausal(target.Path, ScalarType.Float32);
        Assert.All(
            fresh.NamedParameters().Zip(loaded.NamedParameters()),
            pair => Assert.Equal(pair.First.Value.data<float>().ToArray(), pair.Second.Value.data<float>().ToArray()));
    }

    [Fact]
    public void The_config_of_a_sequence_classifier_is_refused()
    {
        ProximaException error = Assert.Throws<ProximaException>(
            () => ModelFolder.CreateCausal(Path.Combine(GoldenModel.FolderOf("llama_gqa_tied"), "score"), ScalarType.Float32, seed: 1));

        Assert.Equal(ExitCode.Data, error.ExitCode);
        Assert.Contains("LlamaForSequenceClassification", error.Message);
    }

    private static float[] Embedding(long seed)
    {
        using CausalLanguageModel model = ModelFolder.CreateCausal(Path.Combine(GoldenModel.FolderOf("qwen3"), "causal"), ScalarType.Float32, seed);
        return model.NamedParameters()[0].Value.data<float>().ToArray();
    }
}
