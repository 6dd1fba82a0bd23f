using Proxima.Core;
using Proxima.Generation;
using Proxima.Generation.Fused;
using Proxima.Models;
using Proxima.Tests.Models;
using static TorchSharp.torch;

namespace Proxima.Tests.Generation.Fused;

/// <summary>The fused engine against the plain model, for every family of tests/goldens/models.</summary>
public sealed class FusedFamilyTests
{
    [Theory]
    [MemberData(nameof(GoldenCases.All), MemberType = typeof(GoldenCases))]
    public void The_same_random_numbers_give_the_tokens_and_log_probs_of_the_plain_model(string name)
    {
        using GoldenModel golden = new(name);
        using CausalLanguageModel model = ModelFolder.LoadCausal(golden.Causal, ScalarType.Float32);
        IReadOnlyList<int[]> prompts = Prompts(golden);
        var options = new SamplingOptions { MaxNewTokens = 20, SamplesPerPrompt = 3, StopTokenIds = model.Config.EosTokenIds };
        var agreement = new EngineAgreement(model, options);
        IReadOnlyList<SampledResponse> plain = new PlainEngine(model, options).Generate(prompts, StreamOf);
        foreach (int threadsPerLane in new[] { 1, 2 })
        {
            using var fused = new FusedModel(model, threads: 2, KernelCases.InFp32()) { ThreadsPerLane = threadsPerLane };

            agreement.Compare(prompts, StreamOf, plain, new FusedEngine(fused, options).Generate(prompts, StreamOf));
        }

        Assert.InRange(agreement.Draws, 100, int.MaxValue);
        Assert.InRange(agreement.Edges, 0, 1);
        Assert.InRange(agreement.LogProbGap, 0, golden.LogitTolerance);
    }

    private static CounterRandom StreamOf(int i) => new(3, RandomPurpose.Rollout, 0, i);

    /// <summary>The rows of the right padded batch.</summary>
    private static IReadOnlyList<int[]> Prompts(GoldenModel golden)
    {
        long[] ids = golden["right.input_ids"].data<long>().ToArray();
        long[] lengths = golden["lengths"].data<long>().ToArray();
        int T = ids.Length / lengths.Length;
        return [.. lengths.Select((length, row) => ids.Skip(row * T).Take((int)length).Select(id => (int)id).ToArray())];
    }
}
