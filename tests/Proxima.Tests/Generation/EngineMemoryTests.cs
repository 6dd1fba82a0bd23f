using Proxima.Core.Settings;
using Proxima.Generation;
using Proxima.Generation.Fused;
using Proxima.Generation.Fused.Kernels;
using Proxima.Models;
using Proxima.Tests.Models;
using Proxima.Tests.Training.Planning;
using static TorchSharp.torch;

namespace Proxima.Tests.Generation;

public sealed class EngineMemoryTests
{
    [Theory]
    [MemberData(nameof(GoldenCases.All), MemberType = typeof(GoldenCases))]
    public void Packed_weights_are_counted_without_the_model(string name)
    {
        using GoldenModel golden = new(name);
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);
        Assert.All(new[] { ComputeKernel.Fp32, ComputeKernel.Bf16Managed }, kind =>
        {
            PanelKernel kernel = PanelKernels.Of(kind)[0];
            using FusedModel fused = new(model, threads: 1, KernelChoice.Of(kernel, ""));

            Assert.Equal(fused.Layers.SelectMany(layer => layer.Matrices).Append(fused.Head).Sum(matrix => matrix.Bytes), EngineMemory.WeightBytes(model.Config, kernel));
        });
    }

    [Fact]
    public void A_tiny_engine_takes_what_is_counted_by_hand()
    {
        // One panel of 32 rows each: 16 rows of queries, keys and values, 8 of the output, 32 of gate and up, 8 that lead back; 10 of the head.
        // Two of 16 columns, the others of 8.
        const double Weights = (2 * 32 * 4 * (8 + 8 + 8 + 16)) + (32 * 4 * 8);

        // 40 tokens are 2 pages; in each of 2 layers the keys of a head of 4, and a panel of 32 places for its values.
        const double Cache = 4 * 2 * 2 * ((4 * 32 * 4) + (32 * 32 * 4));
        EngineMemory memory = EngineMemory.Fused(TinyPlans.Config(), ComputeKernel.Fp32, threads: 1, responses: 4, samples: 1, longest: 40);

        Assert.Equal(Weights, memory.Weights);
        Assert.Equal(Cache, memory.Cache);
    }

    [Fact]
    public void The_plain_engine_holds_keys_and_values_of_all_responses_at_once()
    {
        EngineMemory memory = EngineMemory.Plain(TinyPlans.Config(), numberBytes: 2, responses: 4, samples: 1, longest: 40);

        Assert.Equal(new EngineMemory(Weights: 0, Cache: 4 * 40 * 2 * 4 * 2 * 2, Rows: 2 * 4 * 10 * 4), memory);
    }

    [Fact]
    public void Responses_at_once_are_those_of_all_lanes()
    {
        Assert.Equal(64, EngineMemory.ResponsesAtOnce(TinyPlans.Config(), ComputeKernel.Fp32, threads: 2, responses: 100, samples: 1));
        Assert.Equal(10, EngineMemory.ResponsesAtOnce(TinyPlans.Config(), ComputeKernel.Fp32, threads: 2, responses: 10, samples: 1));
        Assert.Equal(32, EngineMemory.ResponsesAtOnce(TinyPlans.Config() with { VocabularySize = 1_000_000 }, ComputeKernel.Fp32, threads: 2, responses: 100, samples: 1));
    }
}
