using Proxima.Core;
using Proxima.Core.Settings;
using Proxima.Generation;
using Proxima.Generation.Fused;
using Proxima.Generation.Fused.Kernels;
using Proxima.Models;
using Proxima.TestSupport;
using static TorchSharp.torch;

namespace Proxima.Tests.Generation.Fused;

/// <summary>The fused engine on stories260k.</summary>
public sealed class FusedEngineTests : IDisposable
{
    private static readonly SamplingOptions Options = new() { MaxNewTokens = 40, StopTokenIds = [2] };

    private readonly CausalLanguageModel _model = ModelFolder.LoadCausal(RepositoryPaths.Shared("models", "stories260k"), ScalarType.Float32);

    public void Dispose() => _model.Dispose();

    [Fact]
    public void A_thousand_stories_are_those_of_the_plain_model_up_to_draws_at_an_edge()
    {
        SamplingOptions options = Options with { SamplesPerPrompt = 4, StopTokenIds = [] };
        IReadOnlyList<int[]> prompts = Prompts(250);
        var agreement = new EngineAgreement(_model, options);

        agreement.Compare(prompts, StreamOf, new PlainEngine(_model, options).Generate(prompts, StreamOf), Fused(options, prompts));

        Assert.InRange(agreement.Draws, 39_000, 40_000);
        Assert.InRange(agreement.Edges, 0, 5);
        Assert.InRange(agreement.LogProbGap, 0, 1e-4);
    }

    [Fact]
    public void With_weights_that_bfloat16_holds_the_managed_kernel_tells_the_stories_of_the_plain_model()
    {
        RoundWeights();
        SamplingOptions options = Options with { SamplesPerPrompt = 4, StopTokenIds = [] };
        IReadOnlyList<int[]> prompts = Prompts(250);
        var agreement = new EngineAgreement(_model, options);
        using var fused = new FusedModel(_model, threads: 2, KernelCases.Choice(PanelKernels.Of(ComputeKernel.Bf16Managed)[0]));

        agreement.Compare(
            prompts, StreamOf, new PlainEngine(_model, options).Generate(prompts, StreamOf), new FusedEngine(fused, options).Generate(prompts, StreamOf));

        Assert.InRange(agreement.Draws, 39_000, 40_000);
        Assert.InRange(agreement.Edges, 0, 5);
        Assert.InRange(agreement.LogProbGap, 0, 1e-4);
    }

    [Theory]
    [MemberData(nameof(KernelCases.All), MemberType = typeof(KernelCases))]
    public void Every_kernel_gives_the_same_bits_on_any_threads_and_log_probs_near_those_of_the_plain_model(string name)
    {
        PanelKernel kernel = KernelCases.Named(name);
        int[] longerThanAStep = [1, .. Enumerable.Range(0, 299).Select(i => 261 + ((i * 37) % 240))];
        IReadOnlyList<int[]> prompts = [longerThanAStep, .. Prompts(40)];
        using var together = new FusedModel(_model, threads: 3, KernelCases.Choice(kernel)) { ThreadsPerLane = 3 };
        using var apart = new FusedModel(_model, threads: 2, KernelCases.Choice(kernel)) { ThreadsPerLane = 1 };

        IReadOnlyList<SampledResponse> responses = new FusedEngine(together, Options).Generate(prompts, StreamOf);

        Assert.Equal(responses.SelectMany(r => r.LogProbs), new FusedEngine(apart, Options).Generate(prompts, StreamOf).SelectMany(r => r.LogProbs));
        double[] exact = LogProbs(_model, prompts, responses);
        double[] gaps = [.. responses.SelectMany(response => response.LogProbs).Zip(exact, (found, expected) => Math.Abs(found - expected))];
        using CausalLanguageModel half = ModelFolder.LoadCausal(RepositoryPaths.Shared("models", "stories260k"), ScalarType.BFloat16);
        double[] gapsOfHalf = [.. LogProbs(half, prompts, responses).Zip(exact, (found, expected) => Math.Abs(found - expected))];
        bool isExact = kernel.Kind == ComputeKernel.Fp32;
        Assert.InRange(gaps.Max(), 0, isExact ? 1e-4 : 2 * gapsOfHalf.Max());
        Assert.InRange(gaps.Average(), 0, isExact ? 1e-5 : gapsOfHalf.Average());
    }

    [Theory]
    [InlineData("min_dec_len")]
    [InlineData("temperature")]
    [InlineData("repetition_penalty")]
    [InlineData("top_k")]
    [InlineData("top_p")]
    [InlineData("all")]
    public void Every_way_of_sampling_gives_the_tokens_of_the_plain_model(string name)
    {
        SamplingOptions options = name switch
        {
            "min_dec_len" => Options with { StopTokenIds = [426, 432], MinNewTokens = 12 },
            "temperature" => Options with { Temperature = 0.6 },
            "repetition_penalty" => Options with { RepetitionPenalty = 1.3 },
            "top_k" => Options with { TopK = 20 },
            "top_p" => Options with { TopP = 0.8 },
            _ => Options with { StopTokenIds = [426], MinNewTokens = 5, Temperature = 1.2, RepetitionPenalty = 1.1, TopK = 60, TopP = 0.9 },
        };
        IReadOnlyList<int[]> prompts = Prompts(24);
        var agreement = new EngineAgreement(_model, options);

        agreement.Compare(prompts, StreamOf, new PlainEngine(_model, options).Generate(prompts, StreamOf), Fused(options, prompts));

        Assert.InRange(agreement.Draws, 200, int.MaxValue);
        Assert.InRange(agreement.Edges, 0, 1);
        Assert.InRange(agreement.LogProbGap, 0, 1e-4);
    }

    [Fact]
    public void A_response_is_the_same_to_the_bit_alone_and_among_others_that_come_and_go()
    {
        SamplingOptions options = Options with { StopTokenIds = [426] };
        IReadOnlyList<int[]> prompts = Prompts(150);
        IReadOnlyList<SampledResponse> together = Fused(options, prompts);
        Assert.InRange(together.Count(response => response.Stopped), 100, 149);
        foreach (int i in new[] { 0, 31, 77, 149 })
        {
            SampledResponse alone = Assert.Single(Fused(options, [prompts[i]], _ => StreamOf(i)));

            Assert.Equal(together[i].Tokens, alone.Tokens);
            Assert.Equal(together[i].LogProbs, alone.LogProbs);
        }
    }

    [Fact]
    public void Threads_lanes_and_kernels_change_no_bit()
    {
        IReadOnlyList<int[]> prompts = Prompts(40);
        IReadOnlyList<SampledResponse> expected = Fused(Options, prompts);
        foreach ((int threads, int perLane, PanelKernel kernel) in new (int, int, PanelKernel)[]
            { (1, 1, KernelCases.Fp32.First()), (2, 2, KernelCases.Fp32.Last()), (3, 3, KernelCases.Fp32.First()), (3, 1, KernelCases.Fp32.Last()) })
        {
            using var fused = new FusedModel(_model, threads, KernelCases.Choice(kernel)) { ThreadsPerLane = perLane };

            IReadOnlyList<SampledResponse> found = new FusedEngine(fused, Options).Generate(prompts, StreamOf);

            Assert.Equal(expected.SelectMany(r => r.LogProbs), found.SelectMany(r => r.LogProbs));
        }
    }

    [Fact]
    public void A_prompt_longer_than_a_step_is_read_in_pieces_and_shared_by_its_samples()
    {
        SamplingOptions options = Options with { SamplesPerPrompt = 40 };
        int[] prompt = [1, .. Enumerable.Range(0, 299).Select(i => 261 + ((i * 37) % 240))];
        IReadOnlyList<int[]> prompts = [prompt, prompt[..65], prompt[..64]];
        var agreement = new EngineAgreement(_model, options);

        agreement.Compare(prompts, StreamOf, new PlainEngine(_model, options).Generate(prompts, StreamOf), Fused(options, prompts));

        Assert.InRange(agreement.Draws, 4000, 4800);
        Assert.InRange(agreement.Edges, 0, 2);
    }

    [Fact]
    public void A_step_allocates_nothing_but_room_for_its_tokens()
    {
        const int Rows = 8;
        using var fused = new FusedModel(_model, threads: 1, KernelCases.InFp32());
        long Allocated(int newTokens)
        {
            var engine = new FusedEngine(fused, Options with { MaxNewTokens = newTokens, StopTokenIds = [] });
            engine.Generate(Prompts(Rows), StreamOf);
            long before = GC.GetAllocatedBytesForCurrentThread();
            engine.Generate(Prompts(Rows), StreamOf);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        double ofAToken = (Allocated(120) - Allocated(60)) / (60.0 * Rows);

        Assert.InRange(ofAToken, 12, 60); // 12 bytes in the response, and lists that double
    }

    [Fact]
    public void New_weights_of_the_model_are_used_by_the_next_call()
    {
        using var noGrad = no_grad();
        using var fused = new FusedModel(_model, threads: 2, KernelCases.InFp32());
        var engine = new FusedEngine(fused, Options);
        IReadOnlyList<int[]> prompts = Prompts(20);
        IReadOnlyList<SampledResponse> before = engine.Generate(prompts, StreamOf);
        foreach ((_, var weight) in _model.NamedParameters())
        {
            weight.mul_(0.9);
        }

        IReadOnlyList<SampledResponse> after = engine.Generate(prompts, StreamOf);

        Assert.NotEqual(before[0].LogProbs, after[0].LogProbs);
        var agreement = new EngineAgreement(_model, Options);
        agreement.Compare(prompts, StreamOf, new PlainEngine(_model, Options).Generate(prompts, StreamOf), after);
        Assert.InRange(agreement.Edges, 0, 1);
        Assert.InRange(agreement.LogProbGap, 0, 1e-4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Logits_that_are_no_numbers_are_an_error_on_every_thread(int threadsPerLane)
    {
        using var noGrad = no_grad();
        using var fused = new FusedModel(_model, threads: 2, KernelCases.InFp32()) { ThreadsPerLane = threadsPerLane };
        var engine = new FusedEngine(fused, Options);
        _model.NamedParameters()[^1].Value.fill_(float.NaN);

        var error = Assert.Throws<NonFiniteException>(() => engine.Generate(Prompts(8), StreamOf));

        Assert.Equal(ExitCode.Numerical, error.ExitCode);
        _model.NamedParameters()[^1].Value.fill_(1);
        Assert.Equal(8, engine.Generate(Prompts(8), StreamOf).Count);
    }

    [Fact]
    public void A_stop_ends_a_call_between_two_tokens()
    {
        using var stop = new CancellationTokenSource();
        int streams = 0;
        CounterRandom StopAtTheLast(int i)
        {
            streams++;
            stop.Cancel();
            return StreamOf(i);
        }

        Assert.ThrowsAny<OperationCanceledException>(() => Fused(Options with { Stop = stop.Token }, Prompts(3), StopAtTheLast));
        Assert.Equal(3, streams);
    }

    [Fact]
    public void Prompts_that_cannot_be_read_are_refused()
    {
        Assert.Contains("prompt 1 is empty", Assert.Throws<ArgumentException>(() => Fused(Options, [[1], []])).Message, StringComparison.Ordinal);
        Assert.Contains("prompt 0", Assert.Throws<ArgumentException>(() => Fused(Options, [[1, 512]])).Message, StringComparison.Ordinal);
    }

    /// <summary>Log-probs of the responses' tokens by one forward pass of the plain model each.</summary>
    private static double[] LogProbs(CausalLanguageModel model, IReadOnlyList<int[]> prompts, IReadOnlyList<SampledResponse> responses)
    {
        using var noGrad = no_grad();
        List<double> logProbs = [];
        foreach ((int[] prompt, SampledResponse response) in prompts.Zip(responses))
        {
            using var scope = NewDisposeScope();
            long[] ids = [.. prompt.Concat(response.Tokens).Select(id => (long)id)];
            var logits = model.Logits(model.Decoder.Forward(tensor(ids).unsqueeze(0), arange(ids.Length, dtype: ScalarType.Int64).unsqueeze(0)))[0]; // [T, V]
            float[] all = logits.to_type(ScalarType.Float32).log_softmax(-1).data<float>().ToArray();
            int V = model.Config.VocabularySize;
            logProbs.AddRange(response.Tokens.Select((token, t) => (double)all[((prompt.Length + t - 1) * V) + token]));
        }

        return [.. logProbs];
    }

    private void RoundWeights()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach ((_, var weight) in _model.NamedParameters())
        {
            weight.copy_(weight.to_type(ScalarType.BFloat16).to_type(ScalarType.Float32));
        }
    }

    private static CounterRandom StreamOf(int i) => new(7, RandomPurpose.Rollout, 1, i);

    /// <summary>Prompts of 1 to 12 tokens.</summary>
    private static IReadOnlyList<int[]> Prompts(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new[] { 1 }.Concat(Enumerable.Range(0, i % 12).Select(j => 261 + ((i * 31) + (j * 17)) % 240)).ToArray())];

    private IReadOnlyList<SampledResponse> Fused(
        SamplingOptions options, IReadOnlyList<int[]> prompts, Func<int, CounterRandom>? streamOf = null)
    {
        using var fused = new FusedModel(_model, threads: 2, KernelCases.InFp32());
        return new FusedEngine(fused, options).Generate(prompts, streamOf ?? StreamOf);
    }
}
