using Proxima.Core;
using Proxima.Generation;
using Proxima.Models;
using Proxima.Tests.Generation.Fused;
using Proxima.TestSupport;
using static TorchSharp.torch;

namespace Proxima.Gpu.Tests;

public sealed class EngineTests
{
    [Fact]
    public void The_engine_of_the_GPU_draws_the_tokens_of_the_plain_engine()
    {
        Device gpu = Gpu.Get();
        using CausalLanguageModel model = ModelFolder.LoadCausal(RepositoryPaths.Shared("models", "stories260k"), ScalarType.Float32, gpu);
        SamplingOptions options = new() { MaxNewTokens = 40, SamplesPerPrompt = 4, TopP = 0.95, StopTokenIds = [426] };
        IReadOnlyList<int[]> prompts = [.. Enumerable.Range(0, 100).Select(i => (int[])[1, .. Enumerable.Range(0, 1 + (i % 7)).Select(k => 261 + (((i * 37) + (k * 11)) % 240))])];
        var agreement = new EngineAgreement(model, options);

        agreement.Compare(prompts, StreamOf, new PlainEngine(model, options).Generate(prompts, StreamOf), new DeviceEngine(model, options).Generate(prompts, StreamOf));

        Assert.InRange(agreement.Edges, 0, 10);
        Assert.InRange(agreement.LogProbGap, 0, 1e-4);
    }

    private static CounterRandom StreamOf(int sequence) => new(11, RandomPurpose.Rollout, 0, sequence);
}
